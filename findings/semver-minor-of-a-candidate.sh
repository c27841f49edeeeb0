#!/bin/sh
# A minor release that is made of 2.0.0-rc.1 is 2.0.0: semver's inc(version, "minor"), which `npm version minor` and
# release scripts ask, drops the suffix where the last number is 0, and so does "patch" always; of 2.1.0-rc.1 a minor
# one is 2.1.0, of 2.1.1-rc.1 2.2.0. And diff() calls the step from 1.1.0-rc.1 to 1.1.0 "minor" and from 2.0.0-rc.1 to
# 2.0.0 "major", from 2.0.0-rc.1 to 2.0.1 "major", too, but from 1.0.0-rc.1 to 1.0.0-rc.2 "prerelease". One would guess
# 2.1.0 for a minor step from 2.0.0-rc.1, or an error, as a minor release of what is not out yet is none. A script that
# takes the newest tag, which is a candidate for a while, and asks for a minor or a patch, as the maintainers of 1.x do,
# publishes the next major version. "prerelease" counts on. Seen with semver 7.8.6.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts semver@7.8.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const semver = require("semver");
console.log("semver", JSON.parse(readFileSync("node_modules/semver/package.json")).version);
let same = true;
for (const [version, step, next] of [
  ["2.0.0-rc.1", "patch", "2.0.0"],
  ["2.0.0-rc.1", "minor", "2.0.0"],
  ["2.1.0-rc.1", "minor", "2.1.0"],
  ["2.1.1-rc.1", "minor", "2.2.0"],
  ["2.0.0-rc.1", "prerelease", "2.0.0-rc.2"],
]) {
  console.log(version, step, "->", semver.inc(version, step));
  same &&= semver.inc(version, step) === next;
}
for (const [from, to, step] of [
  ["1.1.0-rc.1", "1.1.0", "minor"],
  ["2.0.0-rc.1", "2.0.0", "major"],
  ["2.0.0-rc.1", "2.0.1", "major"],
  ["1.0.0-rc.1", "1.0.0-rc.2", "prerelease"],
]) {
  console.log(from, "to", to, "is", semver.diff(from, to));
  same &&= semver.diff(from, to) === step;
}
process.exit(same ? 0 : 1);
JS
node show.cjs
