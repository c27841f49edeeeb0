#!/bin/sh
# packageurl-js makes another package of some of npm's: it writes the names of type npm in small letters, and npm has
# old packages with capitals beside others without. "pkg:npm/JSONStream@1.3.5" becomes "pkg:npm/jsonstream@1.3.5", an
# older entry of the registry, which ended with 1.0.3 and has no such version. The specification asks for small letters
# since new names have no others. One would guess that reading a package URL and writing it again keeps what it names.
# An SBOM that went through it asks for advisories, licences and downloads of the wrong package, and says that there are
# none. Seen with packageurl-js 2.0.1, JSONStream 1.3.5 and jsonstream 1.0.3.
# Needs node and npm; fetches these packages. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
for package in packageurl-js@2.0.1 JSONStream@1.3.5 jsonstream@1.0.3; do # npm mixes up the latter two in one folder
    mkdir "of-${package%@*}"
    echo '{}' >"of-${package%@*}/package.json"
    npm install --no-audit --no-fund --ignore-scripts --prefix "of-${package%@*}" "$package" >npm.log 2>&1 || { cat npm.log; exit 1; }
done
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { createRequire } from "module";
import { resolve } from "path";

const { PackageURL } = createRequire(resolve("of-packageurl-js/package.json"))("packageurl-js");

const manifest = (name) => JSON.parse(readFileSync(`of-${name}/node_modules/${name}/package.json`));
const installed = [manifest("JSONStream"), manifest("jsonstream")];
for (const { name, version, description } of installed) console.log(`installed: ${name} ${version}, "${description}"`);
const written = PackageURL.fromString(`pkg:npm/${installed[0].name}@${installed[0].version}`).toString();
console.log("packageurl-js", manifest("packageurl-js").version, "writes", written);
process.exit(written === "pkg:npm/jsonstream@1.3.5" && installed[0].version !== installed[1].version ? 0 : 1);
JS
node show.mjs
