#!/bin/sh
# semantic-release, as it comes, makes no release at all of "feat!: drop the old reader": its preset, angular, does not know
# the "!" of Conventional Commits, and a subject that it cannot read is nobody's. "fix(api)!:" and "chore!:" likewise.
# "Feat:" and "Fix:" are none either, but "FEAT:" is minor and "FIX:" a patch. One would guess major, as the specification
# has it and commitlint's usual rules allow; or at least what "feat:" gives. A breaking change waits, unreleased, until
# some later fix goes out as a patch and takes it along. Preset conventionalcommits reads it. Seen with
# @semantic-release/commit-analyzer 13.0.1, which brings conventional-changelog-angular 8.3.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @semantic-release/commit-analyzer@13.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import { analyzeCommits } from "@semantic-release/commit-analyzer";
for (const name of ["@semantic-release/commit-analyzer", "conventional-changelog-angular"])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const release = (...messages) =>
  analyzeCommits({}, {
    cwd: process.cwd(),
    logger: { log() {} },
    commits: messages.map((message, index) => ({ hash: `abc${index}`, message })),
  });
let same = true;
for (const [expected, ...messages] of [
  ["minor", "feat: read archives"],
  ["major", "feat: read archives\n\nBREAKING CHANGE: the old ones are refused"],
  [null, "feat!: drop the old reader"],
  [null, "fix(api)!: refuse old archives"],
  [null, "chore!: drop Node 18"],
  ["patch", "feat!: drop the old reader", "fix: a comma"],
  [null, "Feat: read archives"],
  ["minor", "FEAT: read archives"],
]) {
  const found = await release(...messages);
  console.log(JSON.stringify(messages), "->", found);
  same &&= found === expected;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
