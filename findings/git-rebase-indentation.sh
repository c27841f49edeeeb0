#!/bin/sh
# git takes two changes that differ in indentation alone for one and the same: patch ids leave out all white space. So
# `git cherry` calls a commit that moved a line of Python out of an `if` already merged when the main branch has it inside
# the `if`, and `git rebase` throws the commit away, with a warning but exit code 0. One would guess that only equal
# patches are equal. Who rebases a series, or counts what of a branch is not merged yet, loses the fix.
# Option --reapply-cherry-picks keeps it (as a conflict). Seen with git 2.39.5 (Debian 12).
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
printf 'def close(file):\n    if file.dirty:\n        log(file)\n    return file\n' >file.py
git add file.py
git commit -q -m base
git checkout -q -b topic
printf 'def close(file):\n    if file.dirty:\n        log(file)\n    save(file)\n    return file\n' >file.py
git commit -q -a -m 'save always'
git checkout -q main
printf 'def close(file):\n    if file.dirty:\n        log(file)\n        save(file)\n    return file\n' >file.py
git commit -q -a -m 'save what is dirty'
cherry=$(git cherry main topic | cut -c1)
printf 'git cherry main topic: "%s" (- stands for "main has it")\n' "$cherry"
git rebase main topic 2>&1 | sed 's/^/git rebase: /'
left=$(git rev-list --count main..topic)
printf 'commits of topic that main lacks, after the rebase: %s\n' "$left"
git show topic:file.py
[ "$cherry" = - ] && [ "$left" = 0 ] && git show topic:file.py | grep -q '^        save(file)$'
