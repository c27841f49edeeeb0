#!/bin/sh
# Parsers of diffs take a deleted comment of SQL, Lua, Ada or Haskell for a file. A line "-- old comment" that is
# deleted stands as "--- old comment" in a diff, and an added "++ i" as "+++ i": diffparser ends the file there and
# makes another one, from "old comment" to "new line", and git-diff-parser leaves both lines out, with all that is said
# of them. gitdiff-parser, given a mail of git format-patch, counts the "-- " above git's version as one more deleted
# line. Nothing is thrown. One would guess that the numbers in "@@ -1,4 +1,3 @@" say how many lines follow, which is
# what they are for; parse-diff counts. Sizes of changes, comments on a line of a pull request, and lists of touched
# files are wrong in just the files of those languages, and each mailed patch deletes a line too many. Seen with
# diffparser 2.0.1, git-diff-parser 1.0.0, gitdiff-parser 0.3.1 and parse-diff 0.12.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts diffparser@2.0.1 git-diff-parser@1.0.0 gitdiff-parser@0.3.1 \
    parse-diff@0.12.0 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const diff = `diff --git a/query.sql b/query.sql
index 1111111..2222222 100644
--- a/query.sql
+++ b/query.sql
@@ -1,4 +1,3 @@
 select 1;
--- old comment
-select 2;
+++ new line
 select 3;
`;
const mail = `From 1111111111111111111111111111111111111111 Mon Sep 17 00:00:00 2001
From: Ada <ada@example.org>
Date: Mon, 5 Jan 2026 09:00:00 +0000
Subject: [PATCH] Leave it out

---
 query.sql | 3 +--
 1 file changed, 1 insertion(+), 2 deletions(-)

${diff}-- \n2.39.5

`;
const count = (changes, ...names) => changes.filter((one) => names.includes(one.type)).length;
const lines = (file, changes) =>
  `${file}: ${count(changes, "add", "added", "insert")}+ ${count(changes, "del", "deleted", "delete")}-`;
const inChunks = ({ to, chunks }) => lines(to, chunks.flatMap((chunk) => chunk.changes));
const inHunks = ({ newPath, hunks }) => lines(newPath, hunks.flatMap((hunk) => hunk.changes));
const inCommits = ({ commits }) => commits.flatMap(({ files }) => files.map((file) => lines(file.name, file.lines)));
const readers = {
  diffparser: (text) => require("diffparser")(text).map(inChunks),
  "git-diff-parser": (text) => inCommits(require("git-diff-parser")(text)),
  "gitdiff-parser": (text) => require("gitdiff-parser").parse(text).map(inHunks),
  "parse-diff": (text) => require("parse-diff")(text).map(inChunks),
};
const found = [];
for (const [name, text] of [
  ["diffparser", diff],
  ["git-diff-parser", diff],
  ["gitdiff-parser", diff],
  ["gitdiff-parser", mail],
  ["parse-diff", diff],
  ["parse-diff", mail],
]) {
  found.push(readers[name](text).join(" and "));
  console.log(version(name), text === mail ? "mail" : "diff", found.at(-1));
}
const right = "query.sql: 1+ 2-";
const expected = ["query.sql: 0+ 1- and new line: 0+ 0-", "query.sql: 0+ 1-", right, "query.sql: 1+ 3-", right, right];
process.exit(found.join() === expected.join() ? 0 : 1);
JS
node show.cjs
