#!/bin/sh
# release-please makes a major release of a commit "docs: tell how to write commits" whose text has the line "feat!:
# makes a major release": each line of a message that looks like "word: text", behind an empty one, is a commit of its
# own to it. "error: no such file", quoted from a log, is a change of type error, and "feat: nope" below "chore:" a
# feature that stands in the notes. In a list, "* feat: ...", which is what GitHub writes into squashed commits, it is
# none. One would guess that the first line says what a commit is, as the specification of Conventional Commits has it,
# and that only footers follow. Explaining commits, quoting one that is taken back, or pasting compilers' output changes
# version and notes; what was squashed, and needs it, is not read. Seen with release-please 17.9.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts release-please@17.9.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { parseConventionalCommits } = require("release-please/build/src/commit");
const { Version } = require("release-please/build/src/version");
const { DefaultVersioningStrategy } = require("release-please/build/src/versioning-strategies/default");
console.log("release-please", JSON.parse(readFileSync("node_modules/release-please/package.json")).version);
const quiet = Object.fromEntries(["trace", "debug", "info", "warn", "error"].map((name) => [name, () => {}]));
let same = true;
for (const [message, types, next] of [
  ["docs: tell how to write commits\n\nWrite in the first line:\n\nfeat!: makes a major release", "docs feat", "2.0.0"],
  ["docs: say what is gone\n\nThe log had:\n\nerror: no such file", "docs error", "1.4.3"],
  ["chore: update the tools\n\nIt is not a\n\nfeat: nope", "chore feat", "1.5.0"],
  ["chore: read archives (#12)\n\n* feat: read archives\n* fix: close them", "chore", "1.4.3"],
]) {
  const commits = parseConventionalCommits([{ sha: "1234567", message, files: [] }], quiet);
  const version = new DefaultVersioningStrategy({}).bump(Version.parse("1.4.2"), commits).toString();
  const found = commits.map((commit) => commit.type).sort((a, b) => message.indexOf(a) - message.indexOf(b)).join(" ");
  console.log(JSON.stringify(message), "->", commits.map((one) => `${one.type}: ${one.bareMessage}`), "1.4.2 ->", version);
  same &&= found === types && version === next;
}
process.exit(same ? 0 : 1);
JS
node show.cjs
