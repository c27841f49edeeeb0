#!/bin/sh
# diff-cover, the gate on tests for what a pull request changes, passes one with a new file that no test ever loads:
# what is not in the coverage report is not counted, neither as covered nor as missing. Of a branch with three new lines
# that run and a new file of four that nothing imports it says "Coverage: 100%", does not name that file, and leaves
# with 0 at --fail-under 100. One would guess that lines which are nowhere in the report are the worst of all. A test of
# one line of the file puts it into the report and fails the gate, so that a little testing is worse than none.
# coverage.py's --source, which lists files that were never loaded, closes the gap. Seen with diff-cover 7.4.0 and
# coverage.py 6.5.0 (Debian 12).
# Needs git and apt-get; installs Debian's packages diff-cover and python3-coverage where they are missing. Exits
# non-zero where it behaves otherwise.
set -eu
{ command -v diff-cover && /usr/bin/python3 -c 'import coverage'; } >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends diff-cover python3-coverage >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C.UTF-8
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
dpkg-query -W -f '${Package} ${Version}\n' diff-cover python3-coverage
git init -q -b main repository
cd repository
printf '%s\n' 'def old():' '    return 1' >reader.py
printf '%s\n' 'import reader' 'reader.old()' >test.py
git add .
git commit -q -m 'Begin'
git checkout -q -b topic
printf '%s\n' 'def new():' '    return 2' >>reader.py
printf '%s\n' 'def write():' '    return 3' 'def erase():' '    return 4' >writer.py
echo 'reader.new()' >>test.py
git add .
git commit -q -m 'Write archives'
gate() { # OPTION...
    code=0
    /usr/bin/python3 -m coverage run "$@" test.py
    /usr/bin/python3 -m coverage xml -q -o coverage.xml
    diff-cover coverage.xml --compare-branch main --fail-under 100 >gate.txt 2>words.txt || code=$?
}
gate
first=$code
grep -E '^(reader|writer|Coverage|Total)' gate.txt
grep -q 'Coverage: 100%' gate.txt && ! grep -q 'writer' gate.txt
gate --source=.
echo "exit codes: $first, with --source: $code"
[ "$first" -eq 0 ] && [ "$code" -ne 0 ] && grep -q 'writer.py (0.0%)' gate.txt
