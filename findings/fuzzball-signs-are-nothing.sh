#!/bin/sh
# To fuzzball, a port of thefuzz to Node, "Crash in the C++ reader" and "Crash in the C# reader" are alike by 100 of
# 100, as are "C++" and "C#", "--no-color fails" and "no color fails", and "x < 0" and "x > 0": before it compares, it
# makes blanks of all that is neither a letter nor a digit, and small letters of all, unless full_process is false. One
# would guess that 100 means equal. token_set_ratio goes on from there: "crash" and "Crash when an archive is read" have
# 100 as well. Whoever closes at 95 what is a duplicate closes these. Seen with fuzzball 2.2.6.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts fuzzball@2.2.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { ratio, token_set_ratio: sets } = require("fuzzball");
const pairs = [["Crash in the C++ reader", "Crash in the C# reader"], ["C++", "C#"], ["--no-color fails", "no color fails"], ["x < 0", "x > 0"]];
const found = pairs.map((pair) => [ratio(...pair), ratio(...pair, { full_process: false })]);
pairs.forEach((pair, i) => console.log(pair.join(" | ") + ":", found[i][0], "full_process false:", found[i][1]));
const short = sets("crash", "Crash when an archive is read");
console.log("token_set_ratio, crash | Crash when an archive is read:", short);
process.exit(found.every(([one, other]) => one === 100 && other < 100) && short === 100 ? 0 : 1);
JS
node show.cjs
