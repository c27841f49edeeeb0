#!/bin/sh
# semver's ">=1.0.0 <2.0.0" takes 2.0.0-rc.1, and "^1.0.0" and "1.x", the short forms for it, do not, once pre-releases
# are asked for (includePrerelease): so do "<2.0.0" and "<2" differ, and at the lower end ">=1" and "1.x" take
# 1.0.0-rc.1, where ">=1.0.0" and "^1.0.0" do not. By the order of versions 2.0.0-rc.1 comes before 2.0.0, so it is
# below; the short forms are rewritten with a "-0" behind that the long ones lack. One would guess that "<2" is
# "<2.0.0", ">=1" ">=1.0.0", and that below two is what is not two. A bot that looks for updates within a range, or a
# test of plug-ins against nightly builds, takes the next major version's candidates for the current one by the one
# spelling alone; "<2.0.0-0" keeps them out. Seen with semver 7.8.6.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts semver@7.8.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { satisfies } = require("semver");
console.log("semver", JSON.parse(readFileSync("node_modules/semver/package.json")).version);
let same = true;
for (const [version, taken, left] of [
  ["2.0.0-rc.1", [">=1.0.0 <2.0.0", "<2.0.0"], ["^1.0.0", "1.x", "<2", ">=1.0.0 <2.0.0-0"]],
  ["1.0.0-rc.1", [">=1", "1.x"], [">=1.0.0", "^1.0.0"]],
]) {
  const within = (range) => satisfies(version, range, { includePrerelease: true });
  console.log(version, "is in", taken.filter(within), "and not in", left.filter((range) => !within(range)));
  same &&= taken.every(within) && !left.some(within);
}
process.exit(same ? 0 : 1);
JS
node show.cjs
