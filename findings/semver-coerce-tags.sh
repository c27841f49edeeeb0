#!/bin/sh
# semver.coerce(), by which scripts make versions of tags, takes the first number that it finds: "rel_1_4_2" and
# "OpenSSL_1_1_1t" are 1.0.0, "lib64-1.2.3" is 64.0.0, "release 3 of 1.2.4" 3.0.0, and the candidate v1.2.3-rc.1 is 1.2.3
# itself. What has noughts in front, as releases named by dates do, "v2026.01.05", is null. One would guess the best match,
# a number with three parts, or null for what is none. Of a project's tags the newest is then lib64's, all releases with
# underscores are one, and those of the last years are not there. Seen with semver 7.8.6.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts semver@7.8.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import semver from "semver";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(version("semver"));
let same = true;
for (const [tag, expected] of [
  ["openssl-3.0.7", "3.0.7"],
  ["rel_1_4_2", "1.0.0"],
  ["OpenSSL_1_1_1t", "1.0.0"],
  ["lib64-1.2.3", "64.0.0"],
  ["release 3 of 1.2.4", "3.0.0"],
  ["v1.2.3-rc.1", "1.2.3"],
  ["v2026.1.5", "2026.1.5"],
  ["v2026.01.05", "null"],
]) {
  console.log(tag, "->", String(semver.coerce(tag)));
  same &&= String(semver.coerce(tag)) === expected;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
