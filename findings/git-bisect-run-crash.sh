#!/bin/sh
# `git bisect run` stops at the bug that it looks for, where that is a crash: a test that dies of a signal leaves, by
# the shell, with 128 and the signal's number, 139 for a bad address, 134 for an assertion, and git takes 128 and above
# for a mishap of the script, "bisect run failed", and gives up. So it does of 255, by which many programs say that they
# failed. One would guess that whatever is neither 0 nor 125 is bad. The hunt for a crash ends at its first find, and
# one by night has found nothing in the morning. `sh -c 'test || exit 1'` finds it. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
for number in 1 2 3 4 5 6; do
    echo $number >number
    git add number
    git commit -qm "commit $number"
done
cat >"$folder/crashes" <<'TEST'
[ "$(cat number)" -lt 4 ] || kill -s SEGV $$
TEST
bisect() { # COMMAND...
    git bisect start HEAD HEAD~5 >"$folder/log"
    git bisect run "$@" >>"$folder/log" 2>&1 && code=0 || code=$?
    git bisect reset >>"$folder/log" 2>&1
    printf '%s: exit code %s\n' "$*" "$code"
    grep -E 'bisect run failed|is the first bad commit' "$folder/log"
}
bisect sh -c "sh '$folder/crashes'; exit \$?"
grep -q 'bisect run failed: exit code 139' "$folder/log" && [ "$code" -ne 0 ]
bisect sh -c 'test "$(cat number)" -lt 4 || exit 255'
grep -q 'bisect run failed: exit code 255' "$folder/log"
bisect sh -c "sh '$folder/crashes' || exit 1"
grep -q "^$(git rev-parse HEAD~2) is the first bad commit" "$folder/log" && [ "$code" -eq 0 ]
