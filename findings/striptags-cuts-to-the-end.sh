#!/bin/sh
# striptags, by which texts are made plain before they are shown, searched or compared, takes what follows a lone "<"
# for a tag that has not ended yet, and leaves out all the rest: of "<3 thanks for the quick fix" nothing stays, of "x
# <- read(file) fails on Windows" "x ", and of "for i<n the loop never ends" "for i". "a <= b and b >= c" is "a = c".
# One would guess that what can be no tag, as a tag begins with a letter, stays: string-strip-html and html-to-text keep
# the first two, though not "i<n"; "<int>", which looks like one, is gone in all. Titles and comments of a tracker for R
# ("<-"), C++ ("<<"), shells ("2>&1 <file") end in the middle, duplicates are looked for in what is left, and the longer
# the text is the more is lost. Seen with striptags 3.2.0, string-strip-html 13.7.6 and html-to-text 10.0.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts striptags@3.2.0 string-strip-html@13.7.6 html-to-text@10.0.1 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import { convert } from "html-to-text";
import { stripHtml } from "string-strip-html";
import striptags from "striptags";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
for (const name of ["striptags", "string-strip-html", "html-to-text"]) console.log(version(name));
let same = true;
for (const [text, ...expected] of [
  ["<3 thanks for the quick fix", "", "<3 thanks for the quick fix", "<3 thanks for the quick fix"],
  ["x <- read(file) fails on Windows", "x ", "x <- read(file) fails on Windows", "x <- read(file) fails on Windows"],
  ["for i<n the loop never ends", "for i", "for i", "for i"],
  ["a <= b and b >= c", "a = c", "a <= b and b >= c", "a <= b and b >= c"],
  ["vector<int> leaks", "vector leaks", "vector leaks", "vector leaks"],
]) {
  const plain = [striptags(text), stripHtml(text).result, convert(text)];
  console.log(JSON.stringify(text), "->", plain.map((one) => JSON.stringify(one)).join(" "));
  same &&= plain.join("\n") === expected.join("\n");
}
process.exit(same ? 0 : 1);
JS
node show.mjs
