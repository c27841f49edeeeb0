#!/bin/sh
# `npm sbom` lists what a project is tested and built with beside what it ships, and its two formats differ about it: in
# CycloneDX a devDependency has scope "required", as the rest has, and a property of npm's own that says "development";
# in SPDX it has the relation DEV_DEPENDENCY_OF. One would guess that an SBOM of a package names what the package needs,
# as `npm pack` and `npm install NAME` have it, or that CycloneDX's scope, whose values are required, optional and
# excluded, tells the two apart. Whoever asks the file for licences and advisories by its standard fields counts test
# runners among what is delivered. --omit=dev leaves them out. Seen with npm 11.19.1.
# Needs node and npm; fetches these packages. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir tool project
echo '{}' >tool/package.json
npm install --no-audit --no-fund --ignore-scripts --prefix tool npm@11.19.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cd project
echo '{"name":"reader","version":"1.0.0","license":"MIT","dependencies":{"ms":"2.1.3"},"devDependencies":{"semver":"7.8.6"}}' >package.json
npm() { ../tool/node_modules/.bin/npm "$@" 2>../npm.log; }
npm install --no-audit --no-fund --ignore-scripts >../install.log
npm sbom --sbom-format cyclonedx >cyclonedx.json
npm sbom --sbom-format spdx >spdx.json
npm sbom --sbom-format cyclonedx --omit=dev >shipped.json
printf 'npm %s\n' "$(npm --version)"
cat >show.mjs <<'JS'
import { readFileSync } from "fs";

const read = (name) => JSON.parse(readFileSync(name));
const components = (name) => read(name).components.map(({ name, scope, properties }) => `${name} ${scope} ${properties.map((own) => own.name)}`.trim());
const relations = read("spdx.json").relationships.map((one) => `${one.spdxElementId} ${one.relationshipType}`).slice(1);
console.log(components("cyclonedx.json"), relations, "with --omit=dev", components("shipped.json"));
const same = components("cyclonedx.json").join() === "ms required,semver required cdx:npm:package:development" &&
    relations.join() === "SPDXRef-Package-ms-2.1.3 DEPENDENCY_OF,SPDXRef-Package-semver-7.8.6 DEV_DEPENDENCY_OF" &&
    components("shipped.json").join() === "ms required";
process.exit(same ? 0 : 1);
JS
node show.mjs
