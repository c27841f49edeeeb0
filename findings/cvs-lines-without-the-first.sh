#!/bin/sh
# The "lines: +1 -0" of `cvs log`, from which statistics of CVS repositories are added up, has neither the beginning nor the
# end of a file: the first revision has no such field, whatever its length, and the one that removes the file says
# "+0 -0". Of 100 lines imported, one added and all 101 removed, the sums are +1 and -0. The import is there twice, as
# 1.1 "Initial revision" and as 1.1.1.1 with its message, both by the same person in the same second. One would guess that
# the differences of all revisions add up to what is there, as `git log --numstat` of the same history, +101 -101.
# Whoever brought in whole files has added nothing, and an import is two commits. Seen with CVS 1.12.13 of MirDebian
# (Debian 12) and git 2.39.5.
# Needs git and apt-get; installs Debian's package cvs where it is missing. Exits non-zero where they behave otherwise.
set -eu
command -v cvs >/dev/null || apt-get install -y --no-install-recommends cvs >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" CVSROOT="$folder/root" USER=ada LOGNAME=ada LC_ALL=C TZ=UTC
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cvs --version | grep 'Concurrent Versions'
cvs init
git init -q -b main git
mkdir new
seq 100 | tee new/file >git/file
(cd new && cvs -Q import -m 'Import' project vendor start)
cvs -Q checkout project
record() { # message; the same in both
    (cd project && cvs -Q commit -m "$1")
    git -C git add -A
    git -C git commit -q -m "$1"
}
git -C git add file
git -C git commit -q -m Import
seq 101 | tee project/file >git/file
record 'Add a line'
rm git/file project/file
(cd project && cvs -Q remove file)
record 'Remove it'
(cd project && cvs -Q log) >log.txt
grep '^date' log.txt
added=$(sed -n 's/.*lines: +\([0-9]*\) -.*/\1/p' log.txt | awk '{ n += $1 } END { print n }')
removed=$(sed -n 's/.*lines: +[0-9]* -\([0-9]*\);.*/\1/p' log.txt | awk '{ n += $1 } END { print n }')
git=$(git -C git log --numstat --format= | awk '{ a += $1; r += $2 } END { print "+" a " -" r }')
echo "cvs log: +$added -$removed in $(grep -c '^date' log.txt) revisions, git log: $git in $(git -C git rev-list --count main)"
[ "$added $removed" = '1 0' ]
[ "$git" = '+101 -101' ]
[ "$(grep -c '^date' log.txt)" -eq 4 ]
[ "$(grep '^date' log.txt | grep -vc 'lines:')" -eq 1 ]
grep -q 'state: dead;  lines: +0 -0' log.txt
