#!/bin/sh
# Branches in a function that no test calls do not exist for c8: a file with two functions, one called, the other with
# an if and an else that nobody ever saw, has 100 % of its branches covered, and nyc says 0 of 2. V8 tells of parts of
# what ran, and of a function that did not run it tells but that. One would guess that what was not run counts as not
# covered. So the figure rises when a test is deleted: with the test that takes one of the two ways it is 75 %, without
# it 100 %. A gate on branches is passed by testing less. Seen with c8 12.0.0, nyc 18.0.0 and Node.js 20.20.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts c8@12.0.0 nyc@18.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >reader.js <<'JS'
function used(a) {
  return a + 1;
}
function checks(a) {
  if (a > 1) {
    return a - 1;
  } else {
    return a;
  }
}
module.exports = { used, checks };
JS
echo "require('./reader').used(1);" >few.js
echo "const reader = require('./reader'); reader.used(1); reader.checks(2);" >more.js
for tool in c8 nyc; do
    for tests in few more; do
        node_modules/.bin/$tool --include reader.js --reporter json-summary --report-dir "$tool-$tests" node "$tests.js"
        node -p "const b = JSON.parse(require('fs').readFileSync(process.argv[1] + '-' + process.argv[2] + '/coverage-summary.json')).total.branches; process.argv[1] + ', ' + process.argv[2] + ' tests: ' + b.covered + ' of ' + b.total + ' branches, ' + b.pct" "$tool" "$tests"
    done
done >found.txt
cat found.txt
grep -qE '^c8, few tests: .* 100$' found.txt && grep -qE '^c8, more tests: .* [0-9][0-9](\.[0-9]+)?$' found.txt &&
    grep -q '^nyc, few tests: 0 of 2' found.txt && grep -q '^nyc, more tests: 1 of 2' found.txt
