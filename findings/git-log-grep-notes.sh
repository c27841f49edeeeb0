#!/bin/sh
# What `git log --grep` finds depends on how it is printed: notes are searched as well, but only where they would be
# shown. `git log --grep=WORD` finds a commit whose note has the word; the same with --oneline or --format=%H, and
# `git rev-list --grep`, do not. One would guess that a format chooses columns, not rows. A script that counts commits
# with --format=%H does not agree with what a person sees in `git log`, and with --invert-grep it is off the other way.
# --notes and --no-notes make both agree. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git init -q -b main repository
cd repository
git --version
git commit -q --allow-empty -m 'reader: take long lines'
git commit -q --allow-empty -m 'writer: flush'
git notes add -m 'regression: slower by a third on ARM' HEAD
plain=$(git log --grep=regression | grep -c '^commit ')
hashes=$(git log --grep=regression --format=%H | wc -l)
listed=$(git rev-list --grep=regression HEAD | wc -l)
without=$(git log --grep=regression --invert-grep | grep -c '^commit ')
without_hashes=$(git log --grep=regression --invert-grep --format=%H | wc -l)
noted=$(git log --notes --grep=regression --format=%H | wc -l)
printf 'git log --grep=regression:                             %s\n' "$plain"
printf 'git log --grep=regression --format=%%H:                 %s\n' "$hashes"
printf 'git rev-list --grep=regression HEAD:                   %s\n' "$listed"
printf 'git log --grep=regression --format=%%H --notes:         %s\n' "$noted"
printf 'git log --grep=regression --invert-grep:               %s\n' "$without"
printf 'git log --grep=regression --invert-grep --format=%%H:   %s\n' "$without_hashes"
[ "$plain" -eq 1 ] && [ "$hashes" -eq 0 ] && [ "$listed" -eq 0 ] && [ "$noted" -eq 1 ] &&
    [ "$without" -eq 1 ] && [ "$without_hashes" -eq 2 ]
