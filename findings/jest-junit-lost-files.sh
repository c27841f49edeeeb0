#!/bin/sh
# jest-junit leaves out every test file that could not be loaded: jest says "1 failed" and leaves with exit code 1, and
# the report has tests="0" failures="0" errors="0" and no suite. One would guess an error, which JUnit has for just
# that. A renamed module, or a syntax error, takes all tests of the files that ask for it away, and what counts, shows
# or merges the XML sees fewer tests, all of them green. An option that is off by default (reportTestSuiteErrors) writes
# them. Seen with jest-junit 17.0.0 and jest 30.5.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"
echo '{"jest": {"reporters": ["default", "jest-junit"]}}' >package.json
npm install --no-audit --no-fund --ignore-scripts jest@30.5.2 jest-junit@17.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
for name in jest jest-junit; do
    printf '%s %s\n' "$name" "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/$name/package.json')).version")"
done
cat >archive.test.js <<'JS'
const read = require("./renamed");
test("reads archives", () => expect(read()).toBe(1));
JS
run() {
    CI=true node_modules/.bin/jest -w 1 >run.txt 2>&1 && code=0 || code=$?
    grep -E '^(Test Suites|Tests):|Cannot find' run.txt
    printf 'exit code %s\n' "$code"
    grep -E '<(test|error|failure)' junit.xml
}
run
[ "$code" -eq 1 ] && grep -q 'tests="0" failures="0" errors="0"' junit.xml && ! grep -qE '<(testsuite|testcase|error) ' junit.xml || exit 1
echo 'with the option:'
JEST_JUNIT_REPORT_TEST_SUITE_ERRORS=true
export JEST_JUNIT_REPORT_TEST_SUITE_ERRORS
run
[ "$code" -eq 1 ] && grep -q 'errors="1"' junit.xml && grep -q '<error' junit.xml
