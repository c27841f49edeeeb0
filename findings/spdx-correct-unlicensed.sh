#!/bin/sh
# spdx-correct turns "UNLICENSED", npm's word for "nobody may use this", into "Unlicense", the dedication to the public
# domain: the very opposite. "Not MIT" becomes MIT, and "GPL-2+" (Debian's "version 2 or later") GPL-2.0-only. One would
# guess null for what is no licence, as it answers for "Proprietary". Who cleans a table of dependencies' licences with it
# lets closed code pass for free. Seen with spdx-correct 3.2.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts spdx-correct@3.2.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >correct.cjs <<'JS'
const correct = require("spdx-correct");
console.log("spdx-correct", require("spdx-correct/package.json").version);
const expected = { UNLICENSED: "Unlicense", "Not MIT": "MIT", "GPL-2+": "GPL-2.0-only", Proprietary: null };
let same = true;
for (const [given, answer] of Object.entries(expected)) {
  const seen = correct(given);
  console.log(JSON.stringify(given), "->", JSON.stringify(seen));
  same &&= seen === answer;
}
process.exit(same ? 0 : 1);
JS
node correct.cjs
