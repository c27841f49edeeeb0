#!/bin/sh
# Of the labels bug, docs and speed the first was taken off, and deep-diff says: bug became docs, docs became speed, and
# speed is gone, since it compares lists place by place. jsondiffpatch finds the one that went, "bug", but does the same
# as deep-diff with a list of objects, such as issues with their numbers, unless it is told by objectHash what makes two
# of them one: of issues 1, 2 and 3 without the first, 1 became 2, 2 became 3, and 3 is gone. just-diff does likewise.
# One would guess the least that explains it, as from diff. A bot that tells changes of a tracker from two snapshots
# announces one for each item of a list from which the first has gone. Seen with deep-diff 1.0.2, jsondiffpatch 0.7.7
# and just-diff 6.0.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts deep-diff@1.0.2 jsondiffpatch@0.7.7 just-diff@6.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import deepDiff from "deep-diff";
import { diff as patch } from "jsondiffpatch";
import { diff as justDiff } from "just-diff";
const labels = [["bug", "docs", "speed"], ["docs", "speed"]];
const issues = [[{ id: 1 }, { id: 2 }, { id: 3 }], [{ id: 2 }, { id: 3 }]];
const found = [deepDiff.diff(...labels).length, patch(...labels), patch(...issues), justDiff(...labels), justDiff(...issues).length].map((one) => JSON.stringify(one));
console.log("deep-diff, changes of labels:", found[0], JSON.stringify(deepDiff.diff(...labels)));
console.log("jsondiffpatch, labels:", found[1], "issues:", found[2]);
console.log("just-diff, labels:", found[3], "issues, changes:", found[4]);
process.exit(found[0] === "3" && found[1] === '{"_t":"a","_0":["bug",0,0]}' && found[2].includes('"0":{"id":[1,2]}') && found[3] === '[{"op":"remove","path":[0]}]' && found[4] === "3" ? 0 : 1);
JS
node show.mjs
