#!/bin/sh
# semantic-release makes a major release of a commit whose message merely says "breaking change" where a line begins: its
# analyzer takes the words for the footer "BREAKING CHANGE:" with any white space in place of the colon, in any case of
# letters, anywhere in the body. Prose that an editor wrapped just there, "when we announce a / breaking change", does it,
# even in a commit of type docs. One would guess that the colon is needed, as the specification of Conventional Commits
# has it. A wrong 2.0.0 cannot be taken back. Seen with @semantic-release/commit-analyzer 13.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts @semantic-release/commit-analyzer@13.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >analyze.mjs <<'JS'
import { analyzeCommits } from "@semantic-release/commit-analyzer";
import { readFileSync } from "node:fs";
const version = (name) => JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version;
for (const name of ["@semantic-release/commit-analyzer", "conventional-commits-parser"]) console.log(name, version(name));
const commits = [
  ["docs: say how we announce\n\nThe manual now says when we announce a\nbreaking change and when we do not.", "major"],
  ["docs: say how we announce\n\nThe manual now says when we announce\na breaking change and when we do not.", null],
  ["fix: close files\n\nThis is no\nBREAKING CHANGE as nobody used it.", "major"],
];
let same = true;
for (const [message, expected] of commits) {
  const release = await analyzeCommits({}, { commits: [{ hash: "1", message }], logger: { log() {} }, cwd: process.cwd() });
  console.log(JSON.stringify(message), "->", release);
  same &&= release === expected;
}
process.exit(same ? 0 : 1);
JS
node analyze.mjs
