#!/bin/sh
# git2cl, which makes a ChangeLog of `git log --pretty --numstat --summary`, as its manual has it, loses the commit
# below each one that changed no file: of "Add reader", "Add writer" on a branch, "Mend reader", the merge of that
# branch and "Speed up reader" four are there, with the merge, and "Mend reader" is not: its block of the log is taken
# for the merge's list of files. One would guess an entry for each commit, or merges left out. In a history by pull
# requests each merge takes along what was done on the main branch just before it. Seen with git2cl 2.0+git20120920
# (Debian 12).
# Needs git and apt-get; installs Debian's package git2cl where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
command -v git2cl >/dev/null || apt-get install -y --no-install-recommends git2cl >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
commit() { # commit DAY MESSAGE FILE
    echo "$2" >>"$3"
    git add "$3"
    GIT_AUTHOR_DATE="2026-01-0$1T10:00:00Z" GIT_COMMITTER_DATE="2026-01-0$1T10:00:00Z" git commit -qm "$2"
}
git init -q -b main .
commit 1 'Add reader' reader.c
git checkout -q -b side
commit 2 'Add writer' writer.c
git checkout -q main
commit 3 'Mend reader' reader.c
GIT_AUTHOR_DATE=2026-01-04T10:00:00Z GIT_COMMITTER_DATE=2026-01-04T10:00:00Z git merge -q --no-ff side -m "Merge the writer"
commit 5 'Speed up reader' reader.c
dpkg -s git2cl | grep '^Version'
git log --pretty --numstat --summary | git2cl >ChangeLog
cat ChangeLog
grep -q 'Speed up reader' ChangeLog && grep -q 'Add writer' ChangeLog && ! grep -q 'Mend reader' ChangeLog &&
    grep -q 'Merge the writer' ChangeLog
