#!/bin/sh
# junit-report-merger writes how long the longest part took, not all: of three suites of 90, 60 and 120 seconds the time
# of the whole is 120; and two of one name, as of two runs or two operating systems, become one suite with the tests of
# both, whose time is the longer one's, and the time stamp the first's. Tests, failures and skipped ones are added up.
# One would guess that seconds are, too, as test cases keep theirs and the sums differ. Minutes of CI a week and "this
# suite became slower" are read from it. The same test stands there twice, once failed, once passed, and nothing tells
# which is which. Seen with junit-report-merger 9.0.4.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts junit-report-merger@9.0.4 >npm.log 2>&1 || { cat npm.log; exit 1; }
report() { # report SUITE SECONDS FAILURE
    printf '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites><testsuite name="%s" tests="1" failures="%s" errors="0" skipped="0" time="%s">' "$1" "${3:+1}" "$2"
    printf '<testcase classname="c" name="reads" time="%s">%s</testcase></testsuite></testsuites>\n' "$2" "$3"
}
report reader 90 '<failure message="x"/>' | sed 's/failures=""/failures="0"/' >a.xml
report reader 60 '' | sed 's/failures=""/failures="0"/' >b.xml
report writer 120 '' | sed 's/failures=""/failures="0"/' >c.xml
node_modules/.bin/junit-report-merger all.xml a.xml b.xml c.xml
cat all.xml
echo
grep -q '<testsuites tests="3" failures="1" .*time="120"' all.xml && grep -q '<testsuite name="reader" tests="2" .*time="90"' all.xml
