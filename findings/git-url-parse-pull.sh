#!/bin/sh
# git-url-parse knows the address of an issue but not that of a pull request: of .../owner/name/issues/12 it says owner
# "owner" and name "name", of .../owner/name/pull/12 it says owner "owner/name/pull" and name "12"; likewise for
# /compare/ and /releases/tag/. It throws nothing. One would guess that both are alike. A script that goes from links in
# messages or change logs to repositories makes up one repository a pull request. Seen with git-url-parse 16.1.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts git-url-parse@16.1.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >parse.mjs <<'JS'
import parse from "git-url-parse";
import { readFileSync } from "node:fs";
console.log("git-url-parse", JSON.parse(readFileSync("node_modules/git-url-parse/package.json")).version);
const expected = {
  "issues/12": ["owner", "name"],
  "commit/1a2b3c4": ["owner", "name"],
  "pull/12": ["owner/name/pull", "12"],
  "pull/12/files": ["owner/name/pull/12", "files"],
  "releases/tag/v1.0.0": ["owner/name/releases/tag", "v1.0.0"],
};
let same = true;
for (const [path, [owner, name]] of Object.entries(expected)) {
  const seen = parse(`https://github.com/owner/name/${path}`);
  console.log(path.padEnd(20), "-> owner", JSON.stringify(seen.owner), "name", JSON.stringify(seen.name));
  same &&= seen.owner === owner && seen.name === name;
}
process.exit(same ? 0 : 1);
JS
node parse.mjs
