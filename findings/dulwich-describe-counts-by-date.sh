#!/bin/sh
# dulwich's describe() counts other commits than `git describe`: of a branch begun before v1.0 and merged after it, three
# commits and the merge and one more, git says v1.0-5 and dulwich v1.0-2. It walks back from the newest by date and stops
# at the tag; what was written before the release and came in after it is not counted. And where a fix was tagged v1.0.1
# on a branch, after the release of v1.1, and merged, dulwich calls what follows a v1.0.1, as that tag is the newest by
# date, and git a v1.1. One would guess that a function with the command's name and its form of answer gives its answer.
# Versions of nightly builds go back by it, and two builds have one number. Seen with dulwich 0.21.2 and git 2.39.5 (Debian
# 12).
# Needs git and apt-get; installs Debian's package python3-dulwich where it is missing. Exits non-zero where they behave
# otherwise.
set -eu
/usr/bin/python3 -c 'import dulwich' 2>/dev/null || apt-get install -y --no-install-recommends python3-dulwich >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
/usr/bin/python3 -c 'import dulwich; print("dulwich", ".".join(map(str, dulwich.__version__)))'
git --version
day() { export GIT_AUTHOR_DATE="2026-01-$1T10:00:00Z" GIT_COMMITTER_DATE="2026-01-$1T10:00:00Z"; }
commit() { # day, message
    day "$1"
    git commit -q --allow-empty -m "$2"
}
tag() { git tag -a -m "$1" "$1"; }
both() { # what git and dulwich call it, without the commit
    git describe | sed 's/-g.*//'
    /usr/bin/python3 -c 'from dulwich import porcelain; print(porcelain.describe("."))' | sed 's/-g.*//'
}
git init -q -b main late
cd late
commit 01 begin
git checkout -q -b side
for number in 02 03 04; do commit $number side; done
git checkout -q main
commit 05 release
tag v1.0
day 06
git merge -q --no-ff -m merge side
commit 07 next
late=$(both | tr '\n' ' ')
cd ..
git init -q -b main fix
cd fix
commit 01 begin
tag v1.0
git checkout -q -b maintenance
git checkout -q main
commit 02 new
commit 03 release
tag v1.1
git checkout -q maintenance
commit 04 fix
tag v1.0.1
git checkout -q main
day 05
git merge -q --no-ff -m merge maintenance
fix=$(both | tr '\n' ' ')
echo "git and dulwich, of a branch that came late: $late"
echo "git and dulwich, of a fix that was merged: $fix"
[ "$late" = 'v1.0-5 v1.0-2 ' ]
[ "$fix" = 'v1.1-2 v1.0.1-1 ' ]
