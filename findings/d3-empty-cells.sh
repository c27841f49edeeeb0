#!/bin/sh
# For d3-array an empty cell of d3-dsv is a nought: of 10, none yet, 20 and 9 days the mean is 9.75, where the three
# have 13, and the least value is "". mean, median and quantile leave out null, undefined and NaN, so that what is
# missing does no harm, and d3-dsv writes a missing cell as "", which counts as 0; max compares strings as text, so "9"
# is the greatest. One would guess that the two, of one library, mean the same by missing. A chart of waiting times
# takes issues that are still open for answered at once. d3.autoType makes nulls and numbers of the cells. Seen with
# d3-array 3.2.5 and d3-dsv 3.0.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts d3-array@3.2.5 d3-dsv@3.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >mean.mjs <<'JS'
import { readFileSync } from "node:fs";
import { max, mean, median, min } from "d3-array";
import { autoType, csvParse } from "d3-dsv";
for (const name of ["d3-array", "d3-dsv"])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const text = "issue,days\n1,10\n2,\n3,20\n4,9\n";
const days = (row) => row.days;
const figures = (rows) => JSON.stringify([mean, median, min, max].map((figure) => figure(rows, days)));
console.log("mean, median, least and greatest of", JSON.stringify(text));
const plain = figures(csvParse(text));
const typed = figures(csvParse(text, autoType));
console.log("as they are:", plain, "with autoType:", typed);
process.exit(plain === '[9.75,9.5,"","9"]' && typed === "[13,10,9,20]" ? 0 : 1);
JS
node mean.mjs
