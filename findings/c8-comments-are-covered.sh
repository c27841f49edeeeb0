#!/bin/sh
# For c8, which measures coverage by what V8 knows, comments and empty lines are lines that ran: a file of eight lines,
# half of them in a function that nobody calls, has 50 %, and with ten remarks and ten empty lines below 86 %, as has
# `node --test --experimental-test-coverage`. nyc says 50 % of both. All lines of a file are counted, and only those
# within something that did not run are taken off. One would guess that what cannot run is not counted. A licence at the
# head of each file, or a long manual in it, lifts a project over its threshold, taking comments out makes it fall, and
# figures from before and after a move from nyc are two things. Seen with c8 12.0.0, nyc 18.0.0 and Node.js 20.20.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts c8@12.0.0 nyc@18.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >plain.js <<'JS'
function used(a) {
  return a + 1;
}
function unused(a) {
  if (a > 1) return a - 1;
  return a;
}
module.exports = { used, unused };
JS
cp plain.js remarks.js
for number in 1 2 3 4 5 6 7 8 9 10; do printf '// remark %s\n\n' "$number"; done >>remarks.js
for name in plain remarks; do echo "require('./$name').used(1);" >"run-$name.js"; done
for tool in c8 nyc; do
    for name in plain remarks; do
        node_modules/.bin/$tool --include "$name.js" --reporter json-summary --report-dir "$tool-$name" node "run-$name.js"
        node -p "process.argv[1] + ' of ' + process.argv[2] + '.js, lines: ' + JSON.parse(require('fs').readFileSync(process.argv[1] + '-' + process.argv[2] + '/coverage-summary.json')).total.lines.pct" "$tool" "$name"
    done
done >found.txt
cat found.txt
cat >all.test.js <<'JS'
require("node:test")("uses both", () => { require("./plain").used(1); require("./remarks").used(1); });
JS
node --test --experimental-test-coverage all.test.js | grep -E '(plain|remarks)\.js' | tee node.txt
printf '%s of plain.js, lines: 50\n%s of remarks.js, lines: %s\n' c8 c8 85.18 nyc nyc 50 >expected.txt
cmp found.txt expected.txt && grep -qE 'plain\.js +\| +50\.00' node.txt && grep -qE 'remarks\.js +\| +8[56]\.' node.txt
