#!/bin/sh
# To franc, which tells the language of a text, "Fix crash in the parser", "Build fails on Windows" and "Segmentation
# fault in the scheduler" are Scots, "Cannot open archive" is Dutch and "Crash when reading file" Uyghur in Latin
# letters. It compares groups of three letters with those of two hundred languages, and gives one answer, without a word
# of doubt, from ten letters on. One would guess that five English words are English. A bot that asks for English, or
# sends issues to people by language, does so by the title; whole paragraphs come out right. Seen with franc 6.2.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts franc@6.2.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { franc } from "franc";
const titles = ["Fix crash in the parser", "Build fails on Windows", "Segmentation fault in the scheduler", "Cannot open archive",
    "Crash when reading file", "The program does not start any more after the last update"];
const found = titles.map((title) => franc(title));
titles.forEach((title, i) => console.log(title + ":", found[i]));
process.exit(found.join() === "sco,sco,sco,nld,uig,eng" ? 0 : 1);
JS
node show.mjs
