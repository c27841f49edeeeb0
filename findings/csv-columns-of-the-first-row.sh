#!/bin/sh
# What the first row lacks is in no row of the CSV: of two issues, the first open, the second with closed_at,
# csv-stringify, Papa Parse's unparse() and fast-csv write three columns, and when the second was closed is nowhere;
# they take the names of the first object for those of all. json2csv and d3-dsv have a fourth column. Nothing is said.
# One would guess all the fields that there are, or an error for one that has no column. Scripts, document stores and
# forges leave out what an issue has not (GitHub's list has pull_request for some alone), and lists begin with the
# newest, which is open: an export of a whole tracker lacks all dates of closing today, and has them tomorrow, when the
# newest issue is closed. A list of columns mends it. Seen with csv-stringify 6.9.0, papaparse 5.7.1, fast-csv 5.0.8,
# @json2csv/plainjs 7.0.8 and d3-dsv 3.0.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts csv-stringify@6.9.0 papaparse@5.7.1 fast-csv@5.0.8 \
    @json2csv/plainjs@7.0.8 d3-dsv@3.0.2 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import { stringify } from "csv-stringify/sync";
import { csvFormat } from "d3-dsv";
import { writeToString } from "fast-csv";
import { Parser } from "@json2csv/plainjs";
import papaparse from "papaparse";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const issues = [
  { number: 2, state: "open", title: "Slow" },
  { number: 1, state: "closed", title: "Crash", closed_at: "2026-01-05" },
];
const texts = {
  "csv-stringify": stringify(issues, { header: true }),
  papaparse: papaparse.unparse(issues),
  "fast-csv": await writeToString(issues, { headers: true }),
  "@json2csv/plainjs": new Parser().parse(issues),
  "d3-dsv": csvFormat(issues),
};
for (const [name, text] of Object.entries(texts)) console.log(version(name), JSON.stringify(text));
const closed = Object.values(texts).map((text) => text.includes("closed_at") && text.includes("2026-01-05"));
process.exit(closed.join() === "false,false,false,true,true" ? 0 : 1);
JS
node show.mjs
