#!/bin/sh
# "test 1 11 fails" and "test 11 1 fails" are one text to string-similarity, and to natural's DiceCoefficient: the one
# takes blanks out before it looks, so that what differs by where words end alone has the similarity 1 ("Python 3.1 1"
# and "Python 3.11", "no tests" and "not ests"), the other looks at which pairs of letters there are, not how often nor
# where. A text of one letter is to string-similarity like nothing, 0, since it has no pair: "R" is no more like "R 4"
# than like "zlib". One would guess that only equal texts are 1. "Close as a duplicate from 1.0 on" closes what is none.
# Seen with string-similarity 4.0.4 and natural 8.1.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts string-similarity@4.0.4 natural@8.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { compareTwoStrings } = require("string-similarity");
const { DiceCoefficient } = require("natural/lib/natural/distance");
const pairs = [["test 1 11 fails", "test 11 1 fails"], ["Python 3.1 1", "Python 3.11"], ["R", "R 4"]];
const found = pairs.map(([one, other]) => [compareTwoStrings(one, other), DiceCoefficient(one, other)]);
pairs.forEach((pair, i) => console.log(pair, "string-similarity", found[i][0], "natural", found[i][1]));
process.exit(found[0].join() === "1,1" && found[1][0] === 1 && found[2][0] === 0 ? 0 : 1);
JS
node show.cjs
