#!/bin/sh
# semver-compare cuts a version at its dots and compares numbers, so "1-rc" in 1.0.1-rc.1 is no number, and what is no
# number comes before all that is one: 1.0.1-rc.1 is older than 1.0.0, 1.0.0-rc.1, -rc.2 and -beta are all equal, and of
# tags with a "v" the first part does not count, so v2.0.0 is older than v1.2.0. Nothing is thrown. One would guess that
# a function named for semver knows pre-releases, whose order the specification gives. A script that sorts tags, or
# looks for the latest one, takes v1.10.0 for newer than v2.0.0. Seen with semver-compare 1.0.0; compare-versions 6.1.1
# follows the specification.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts semver-compare@1.0.0 compare-versions@6.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >compare.cjs <<'JS'
const first = require("semver-compare");
const { compareVersions: second } = require("compare-versions");
for (const name of ["semver-compare", "compare-versions"])
  console.log(name, JSON.parse(require("node:fs").readFileSync(`node_modules/${name}/package.json`)).version);
let same = true;
for (const [a, b, wrong, right] of [
  ["1.0.1", "1.0.0", 1, 1],
  ["1.0.1-rc.1", "1.0.0", -1, 1],
  ["1.0.0-rc.2", "1.0.0-rc.10", 0, -1],
  ["1.0.0-alpha", "1.0.0-beta", 0, -1],
  ["v2.0.0", "v1.10.0", -1, 1],
]) {
  console.log(a, "against", b, ":", first(a, b), "and", second(a, b));
  same &&= first(a, b) === wrong && second(a, b) === right;
}
console.log("tags, in the order of semver-compare:", ["v1.2.0", "v1.10.0", "v2.0.0"].sort(first).join(" "));
process.exit(same ? 0 : 1);
JS
node compare.cjs
