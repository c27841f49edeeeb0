#!/bin/sh
# issue-parser, by which release bots find the issues that a change closes, closes one of three on GitLab: of "Closes #1, #2
# and #3" the others are mere mentions to it, and "Closes: #4", with a colon, closes none; for GitHub it knows the colon.
# GitLab's manual has lists and the colon in its own pattern for closing ("Default closing pattern"). One would guess that
# issueParser("gitlab") follows it. The bot comments "this was released in 1.2" on the first issue of each list alone, and
# the others stay without. Seen with issue-parser 7.0.2.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts issue-parser@7.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import issueParser from "issue-parser";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(version("issue-parser"));
const parse = issueParser("gitlab");
let same = true;
for (const [text, expected] of [
  ["Closes #1", "1"],
  ["Closes #1, #2 and #3", "1"],
  ["Closes: #4", ""],
  ["Implements #7", "7"],
  ["Closes #5. Closes #6", "5 6"],
]) {
  const { actions, refs } = parse(text);
  const closes = actions.close.map(({ issue }) => issue).join(" ");
  console.log(JSON.stringify(text), "closes:", closes || "nothing", " mentions:", refs.map(({ issue }) => issue).join(" ") || "nothing");
  same &&= closes === expected;
}
const github = issueParser("github")("Closes: #4").actions.close.length;
console.log("for GitHub \"Closes: #4\" closes", github);
process.exit(same && github === 1 ? 0 : 1);
JS
node show.mjs
