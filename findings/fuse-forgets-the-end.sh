#!/bin/sh
# Fuse.js, by which pages and bots search issues, finds a word only near the beginning of a title: with its defaults a
# match must lie within 60 characters (distance 100 times threshold 0.6), exact or not. "segfault" at the end of
# "Reading a large archive over a slow network connection ends with a segfault" is not found, and "Set fault handler in
# tests", which merely looks alike, is. One would guess that a whole word that stands there as it is typed is found,
# wherever it stands. Looking for duplicates finds none among just the titles that say most, and texts of issues are
# hardly searched. ignoreLocation: true looks everywhere. Seen with fuse.js 7.5.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts fuse.js@7.5.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import Fuse from "fuse.js";

console.log("fuse.js", JSON.parse(readFileSync("node_modules/fuse.js/package.json")).version);
const titles = ["Reading a large archive over a slow network connection ends with a segfault", "Set fault handler in tests", "Tables are slow"];
const search = (options) => new Fuse(titles, options).search("segfault").map((result) => result.item);
const [found, everywhere] = [search({}), search({ ignoreLocation: true })];
console.log("by default:", found);
console.log("ignoreLocation:", everywhere);
process.exit(!found.includes(titles[0]) && found.includes(titles[1]) && everywhere.includes(titles[0]) ? 0 : 1);
JS
node show.mjs
