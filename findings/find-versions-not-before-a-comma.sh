#!/bin/sh
# find-versions, and semver-regex below it, which are there to find versions in texts, find one only where a blank or
# the end of the text follows, and white space, or nothing, comes before: none in "Fixed in 1.2.3.", "since v1.2.3, or
# 1.3.0:", "(1.2.3)", "`1.2.3`", "curl/7.88.1" or "reader@1.2.3"; of "Node.js 20.1.0; npm 9.2.0" the second alone. A
# line break ends none either: of a text of several lines the version at the end of the first is not there. Nothing says
# so. One would guess that a version ends where its last digit is, since it is sentences that one looks into. A bot that
# reads from an issue which version is meant, or a script that asks `tool --version`, finds nothing in just those that
# are written with care. loose: true finds them all. Seen with find-versions 6.0.0 and semver-regex 4.0.5.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts find-versions@6.0.0 semver-regex@4.0.5 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import findVersions from "find-versions";
import semverRegex from "semver-regex";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(version("find-versions"), version("semver-regex"));
let same = true;
for (const [text, strict, loose] of [
  ["Fixed in 1.2.3", "1.2.3", "1.2.3"],
  ["Fixed in 1.2.3.", "", "1.2.3"],
  ["since v1.2.3, or 1.3.0:", "", "1.2.3,1.3.0"],
  ["(1.2.3)", "", "1.2.3"],
  ["`1.2.3`", "", "1.2.3"],
  ["reader@1.2.3", "", "1.2.3"],
  ["curl/7.88.1", "", "7.88.1"],
  ["reader 1.2.3\nLicence: MIT", "", "1.2.3"],
  ["Node.js 20.1.0; npm 9.2.0", "9.2.0", "20.1.0,9.2.0"],
]) {
  const found = findVersions(text).join();
  const matched = (text.match(semverRegex()) ?? []).join();
  const all = findVersions(text, { loose: true }).join();
  console.log(JSON.stringify(text), `-> find-versions "${found}", semver-regex "${matched}", loose "${all}"`);
  same &&= found === strict && matched === strict && all === loose;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
