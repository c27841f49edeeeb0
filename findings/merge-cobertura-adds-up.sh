#!/bin/sh
# merge-cobertura puts reports side by side: of two halves of a test suite, run apart as CI does, the first runs lines 1
# and 2 of src/reader.c and the second lines 5 and 6, which is all of its four, and the merged report says
# line-rate="0.5", 4 of 8 lines, and has src/reader.c twice, in packages first.src and second.src. One would guess that
# a line which ran in one of them ran, which is what `lcov -a`, and coverage.py's combine, mean by merging. However many
# parts a suite is cut into, coverage is the mean of the parts, so that a gate fails the day the suite is run in four
# jobs, and a file's page depends on which of its copies a viewer takes. Seen with merge-cobertura 1.0.9.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts merge-cobertura@1.0.9 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'merge-cobertura %s\n' "$(node -p "require('./node_modules/merge-cobertura/package.json').version")"
report() { # NAME HITS_OF_LINES_1_AND_2 HITS_OF_LINES_5_AND_6
    cat >"$1.xml" <<XML
<?xml version="1.0"?>
<coverage line-rate="0.5" branch-rate="0" lines-covered="2" lines-valid="4" branches-covered="0" branches-valid="0"
  complexity="0" version="1" timestamp="1767603600"><sources><source>.</source></sources><packages>
<package name="src" line-rate="0.5" branch-rate="0" complexity="0"><classes>
<class name="reader.c" filename="src/reader.c" line-rate="0.5" branch-rate="0" complexity="0"><methods/><lines>
<line number="1" hits="$2"/><line number="2" hits="$2"/><line number="5" hits="$3"/><line number="6" hits="$3"/>
</lines></class></classes></package></packages></coverage>
XML
}
report first 1 0
report second 0 3
node_modules/.bin/merge-cobertura -o merged.xml first=first.xml second=second.xml
grep -o '<coverage [^>]*>\|<package [^>]*>\|<class [^>]*>' merged.xml
grep -q '<coverage [^>]*line-rate="0.5"' merged.xml
grep -q '<coverage [^>]*lines-covered="4" lines-valid="8"' merged.xml
[ "$(grep -o 'filename="src/reader.c"' merged.xml | wc -l)" -eq 2 ]
