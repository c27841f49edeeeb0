#!/bin/sh
# In natural order 1.10 stands before 1.9, and v1.10 behind v1.9: javascript-natural-sort, natural-orderby and
# natural-sort take what is a decimal number as a whole for one, and otherwise compare digits between letters;
# natural-compare-lite, string-natural-compare and Intl.Collator with numeric: true have 1.9 first in both. With 1.9.0
# and 1.10.0 all agree. One would guess that versions are what natural order is for, and that a "v" in front changes
# nothing. Milestones and releases named "1.9" and "1.10", the usual names, change places on the page that another
# library sorts, "the latest" is 1.9 for ever, and the abbreviated commits 12e4 and 2e5 are sorted as 120000 and 200000.
# Seen with javascript-natural-sort 0.7.1, natural-orderby 5.0.0, natural-sort 1.0.0, natural-compare-lite 1.4.1,
# string-natural-compare 3.0.1 and node 20.20.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts javascript-natural-sort@0.7.1 natural-orderby@5.0.0 \
    natural-sort@1.0.0 natural-compare-lite@1.4.1 string-natural-compare@3.0.1 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const orders = {
  "javascript-natural-sort": require("javascript-natural-sort"),
  "natural-orderby": require("natural-orderby").compare(),
  "natural-sort": require("natural-sort")(),
  "natural-compare-lite": require("natural-compare-lite"),
  "string-natural-compare": require("string-natural-compare"),
  "Intl.Collator": new Intl.Collator("en", { numeric: true }).compare,
};
let same = true;
Object.entries(orders).forEach(([name, compare], index) => {
  const sorted = (...texts) => texts.sort(compare).join(" < ");
  const found = [sorted("1.9", "1.10"), sorted("v1.9", "v1.10"), sorted("1.9.0", "1.10.0")];
  console.log(name === "Intl.Collator" ? `${name} of node ${process.versions.node}` : version(name), found);
  same &&= found.join() === `${index < 3 ? "1.10 < 1.9" : "1.9 < 1.10"},v1.9 < v1.10,1.9.0 < 1.10.0`;
});
process.exit(same ? 0 : 1);
JS
node show.cjs
