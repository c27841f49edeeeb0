#!/bin/sh
# conventional-commits-parser, on which conventional-changelog and other tools for releases stand, finds no reference in
# "Fixes #12: the loop never ended", nor in `Closes "#12"` or "Closes #12!": after a number it asks for white space, the
# end, or one of a few signs. Until version 7 a full stop was none of them, so "Closes #12." was lost, and of "Closes
# #3, #4 and #5." the last. GitHub links each of these numbers. And "Signed-off-by: Ada <ada@example.org>" mentions a
# user @example. One would guess that a number ends where its digits end, and that an address mentions nobody. Release
# notes lack the links, and a bot that thanks or closes by them misses issues and pings strangers. Seen with versions
# 6.4.0 and 7.1.4.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts six@npm:conventional-commits-parser@6.4.0 seven@npm:conventional-commits-parser@7.1.4 \
    >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >parse.mjs <<'JS'
import { readFileSync } from "node:fs";
const expected = [ // what stands in a message, the issues found in it by either version, and the users
  ["Closes #12", "12", "12", ""],
  ["Closes #12.", "", "12", ""],
  ["Closes #3, #4 and #5.", "3,4", "3,4,5", ""],
  ["Fixes #12: the loop never ended", "", "", ""],
  ['Closes "#12"', "", "", ""],
  ["Closes #12!", "", "", ""],
  ["Signed-off-by: Ada Stone <ada@example.org>", "", "", "example"],
];
let same = true;
for (const name of ["six", "seven"]) {
  const { CommitParser } = await import(name);
  console.log("conventional-commits-parser", JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
  for (const [footer, six, seven, users] of expected) {
    const { references, mentions } = new CommitParser().parse(`fix: read archives\n\n${footer}`);
    const issues = references.map((reference) => reference.issue).join();
    console.log(" ", footer, "-> issues:", issues || "none", "users:", mentions.join() || "none");
    same &&= issues === (name === "six" ? six : seven) && mentions.join() === users;
  }
}
process.exit(same ? 0 : 1);
JS
node parse.mjs
