#!/bin/sh
# In vitest's JSON report a test that took too long says "Error: STACK_TRACE_ERROR", and not that it took too long: the
# words "Test timed out in 50ms." that the console, TAP and JUnit have are nowhere in the file. One would guess the
# message of the error in failureMessages, as for every other failure there. What groups failures by their message puts
# all late tests of a project in one heap of that name; what looks for time limits finds none. Seen with vitest 4.1.12.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts vitest@4.1.12 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'vitest %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/vitest/package.json')).version")"
cat >late.test.js <<'JS'
import { expect, test } from "vitest";
test("waits", () => new Promise(() => {}), 50);
test("adds", () => expect(1 + 1).toBe(3));
JS
node_modules/.bin/vitest run late.test.js --reporter=json --reporter=junit --outputFile.json=late.json \
    --outputFile.junit=late.xml >run.txt 2>&1 </dev/null && exit 1
node -e "for (const test of JSON.parse(require('fs').readFileSync('late.json')).testResults[0].assertionResults)
    console.log(test.title + ': ' + test.failureMessages[0].split('\n')[0])" | tee late.txt
grep -o 'message="[^"]*' late.xml
grep -q '^waits: Error: STACK_TRACE_ERROR$' late.txt && grep -q '^adds: AssertionError: expected 2 to be 3' late.txt &&
    ! grep -q 'timed out' late.json && grep -q 'timed out in 50ms' late.xml
