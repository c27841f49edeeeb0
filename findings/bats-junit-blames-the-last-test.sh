#!/bin/sh
# In Bats' JUnit report a teardown_file that fails is a failure of the last test of its file: "two", which passed, has
# <failure> and time 0, in a suite that says tests="3" above two cases; in TAP both are ok and a third line, "not ok 3
# teardown_file failed", has it. A file that loads a helper which is not there, or in which two tests have one name,
# leaves nothing of a run but "<testsuites time="0">", with no case, no error and nothing of the other files; "not ok 1
# bats-gather-tests" goes to standard error. The exit code is 1 in all. One would guess a case of its own for each,
# which is what it writes for setup_file. Lists of flaky tests name whichever stands last, and a gate that reads the
# file is green where no test ran. Seen with bats 1.13.0.
# Needs bash, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts bats@1.13.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
bats=node_modules/bats/bin/bats
"$bats" --version
mkdir clean broken twice
printf '@test "one" { true; }\n@test "two" { true; }\nteardown_file() { false; }\n' >clean/clean.bats
printf '@test "good" { true; }\n' | tee broken/good.bats >twice/good.bats
printf 'load helper\n@test "bad" { true; }\n' >broken/bad.bats
printf '@test "same" { true; }\n@test "same" { true; }\n' >twice/same.bats
for folder_of_tests in clean broken twice; do
    "$bats" --formatter tap "$folder_of_tests" >"$folder_of_tests.tap" 2>"$folder_of_tests.err" && exit 1
    "$bats" --formatter junit "$folder_of_tests" >"$folder_of_tests.xml" 2>"$folder_of_tests.err" && exit 1
    echo "$folder_of_tests:"
    grep -E '^(not )?ok|^ERROR' "$folder_of_tests.tap" "$folder_of_tests.err" || echo '(no line of a test)'
    grep -E '<test|<fail' "$folder_of_tests.xml" | sed 's/ timestamp.*/>/'
done
grep -q '^ok 2 two' clean.tap
grep -q '<testsuite name="clean.bats" tests="3" failures="1"' clean.xml
[ "$(grep -c '<testcase' clean.xml)" -eq 2 ]
grep -A 1 'name="two" time="0">' clean.xml | grep -q '<failure'
grep -q '^not ok 1 bats-gather-tests' broken.err
if grep -q '<testcase\|<failure\|<error' broken.xml twice.xml; then exit 1; fi
grep -q '<testsuites time="0">' broken.xml
grep -q '<testsuites time="0">' twice.xml
