#!/bin/sh
# Playwright's list reporter marks how a test's body ended, not whether that is as it should be: a test that failed as
# expected (test.fail) has the cross of a failure in a run that passes, and one that passed though it should have failed
# has the tick of a pass in a run that fails by it. One would guess that what has a tick is well, and what has a cross is
# not, as in its JSON and JUnit reports. Who counts crosses in a log, or looks for them, finds a failure in a green run,
# and none in a red one. Seen with @playwright/test 1.65.1.
# Needs node and npm; fetches that package, no browser. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @playwright/test@1.65.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf '@playwright/test %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/@playwright/test/package.json')).version")"
cat >expected.spec.js <<'JS'
const { test, expect } = require("@playwright/test");
test("rounds", () => { test.fail(); expect(0.1 + 0.2).toBe(0.3); });
JS
cat >mended.spec.js <<'JS'
const { test, expect } = require("@playwright/test");
test("adds", () => { test.fail(); expect(1 + 2).toBe(3); });
JS
for file in expected mended; do
    CI= FORCE_COLOR=0 node_modules/.bin/playwright test $file.spec.js --reporter=list >$file.txt 2>&1 </dev/null && code=0 || code=$?
    grep -E '› (rounds|adds)|passed|failed' $file.txt
    printf '%s: exit code %s\n' "$file" "$code"
    echo "$code" >$file.code
done
grep -q '✘.*› rounds' expected.txt && [ "$(cat expected.code)" -eq 0 ] && grep -q '1 passed' expected.txt &&
    grep -q '✓.*› adds' mended.txt && [ "$(cat mended.code)" -eq 1 ] && grep -q '1 failed' mended.txt
