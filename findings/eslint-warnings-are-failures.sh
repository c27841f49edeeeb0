#!/bin/sh
# Of a run of ESLint that passes with warnings its JUnit report is red: each warning is a test case with <failure>, and
# the suite says errors="2", while ESLint leaves with 0; the TAP report of the same run has "ok 1" for the file, with
# the warnings below. And what is counted differs: JUnit has a case for each message, one for a file without any
# (tests="2" and tests="1"), TAP one for each file ("1..2"). One would guess that both say what ESLint says, which is
# that warnings fail nothing. A step that uploads the XML fails a merge request that the linter passed, or marks it with
# failed tests; a trend of tests goes up with each new warning, and "flaky" ones are those that somebody fixed. --quiet
# leaves warnings out. Seen with eslint 10.15.0, eslint-formatter-junit 9.0.1 and eslint-formatter-tap 9.0.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts eslint@10.15.0 eslint-formatter-junit@9.0.1 \
    eslint-formatter-tap@9.0.1 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
for name in eslint eslint-formatter-junit eslint-formatter-tap; do
    printf '%s %s\n' "$name" "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/$name/package.json')).version")"
done
echo 'export default [{ rules: { eqeqeq: "warn", "no-unused-vars": "warn" } }];' >eslint.config.mjs
echo 'var unused; if (1 == 2) { }' >first.js
echo 'export const second = 2;' >second.js
node_modules/.bin/eslint --format junit first.js second.js >report.xml && echo 'exit code 0'
node_modules/.bin/eslint --format tap first.js second.js >report.tap && echo 'exit code 0'
node_modules/.bin/eslint --format junit --quiet first.js second.js >quiet.xml
grep -o '<testsuite [^>]*errors="[0-9]*"\|<failure message="[^"]*"' report.xml
grep '^ok\|^not ok\|^1\.\.' report.tap
[ "$(grep -o '<failure' report.xml | wc -l)" -eq 2 ]
grep -q 'tests="2" errors="2"' report.xml
grep -q 'tests="1" errors="0"' report.xml
if grep -q '^not ok' report.tap || grep -q '<failure' quiet.xml; then exit 1; fi
grep -q '^1\.\.2' report.tap
