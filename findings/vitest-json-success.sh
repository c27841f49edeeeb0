#!/bin/sh
# vitest's JSON report says "success": true of a run that vitest fails: an error outside of a test, such as a rejected
# promise that nobody waited for, makes it leave with exit code 1 and is in its JUnit report as an error, but the JSON
# has success: true, numFailedTestSuites: 0, and not a word of it. A hook that throws makes success false, with
# numFailedTests 0. One would guess that "success" is whether the run succeeded. A bot that comments on a pull request
# from the JSON, or one that merges by it, says that all is well. Seen with vitest 5.1.2.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts vitest@5.1.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'vitest %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/vitest/package.json')).version")"
cat >promise.test.js <<'JS'
import { test } from "vitest";
test("saves", () => { Promise.reject(new Error("the disk is full")); });
JS
cat >hook.test.js <<'JS'
import { afterAll, describe, test } from "vitest";
describe("archive", () => {
  afterAll(() => { throw new Error("left three files open"); });
  test("is read", () => {});
});
JS
for file in promise hook; do
    node_modules/.bin/vitest run $file.test.js --reporter=json --reporter=junit --outputFile.json=$file.json \
        --outputFile.junit=$file.xml >run.txt 2>&1 </dev/null && code=0 || code=$?
    printf '%s: exit code %s\n' "$file" "$code"
    node -e "const { success, numTotalTests, numFailedTests, numFailedTestSuites } = JSON.parse(require('fs').readFileSync('$file.json'));
        console.log(JSON.stringify({ success, numTotalTests, numFailedTests, numFailedTestSuites }))" | tee $file.txt
    grep '<testsuites' $file.xml
    [ "$code" -eq 1 ] || exit 1
done
grep -qF '{"success":true,"numTotalTests":1,"numFailedTests":0,"numFailedTestSuites":0}' promise.txt &&
    grep -q 'errors="1"' promise.xml && ! grep -q 'the disk is full' promise.json &&
    grep -qF '{"success":false,"numTotalTests":1,"numFailedTests":0' hook.txt
