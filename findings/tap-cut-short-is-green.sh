#!/bin/sh
# A TAP run that broke off becomes a green report: of "1..5", two passes and then the end, or "Bail out!", tap-xunit makes
# JUnit XML with tests="2" failures="0" errors="0", and tap-spec says 2 passing; both leave with exit code 0. prove fails
# it. The plan is TAP's one mark that all of a run is there, so one would guess that a converter says when it was missed.
# A crash half-way shows in no dashboard that reads the XML. Seen with tap-xunit 2.4.1 and tap-spec 5.0.0.
# Needs node, npm and perl; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts tap-xunit@2.4.1 tap-spec@5.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
for name in tap-xunit tap-spec; do
    printf '%s %s\n' $name "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/$name/package.json')).version")"
done
printf 'TAP version 13\n1..5\nok 1 - opens\nok 2 - reads\n' >cut.tap
{ cat cut.tap; echo 'Bail out! the disk is gone'; } >bailed.tap
for file in cut bailed; do
    prove -e cat $file.tap >proved 2>&1 && proved=0 || proved=$?
    npx --no-install tap-xunit <$file.tap >$file.xml && converted=0 || converted=$?
    npx --no-install tap-spec <$file.tap >$file.txt && shown=0 || shown=$?
    printf '%s: exit codes: prove %s, tap-xunit %s, tap-spec %s\n' $file.tap $proved $converted $shown
    grep -o '<testsuite .*>' $file.xml
    [ $proved -ne 0 ] && [ $converted -eq 0 ] && [ $shown -eq 0 ]
    grep -q 'tests="2" failures="0" errors="0"' $file.xml
done
