#!/bin/sh
# gitinspector reads a history up to the last commit that is no merge, by that commit's name: where the newest commit is
# the merge of a branch, that name is the branch's tip, and all that others did on the main branch meanwhile is not
# below it. Their commits, and their lines in the files as well, are left out, and the percentages add up to 100 without
# them. One would guess that the statistics of HEAD are of all that HEAD has. In a project that merges pull requests
# most of the days end so, and the table depends on whose branch came last. Seen with gitinspector 0.4.4 (Debian 12).
# Needs git, python3 and apt-get; unpacks Debian's package gitinspector, installs nothing. Exits non-zero where it
# behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download gitinspector >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x gitinspector_*.deb root
ls *.deb
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C.UTF-8 TERM=dumb
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"
commit() { # commit NAME DAY FILE: NAME writes FILE on that day
    printf 'first = 1\nsecond = 2\n' >"$3"
    git add "$3"
    GIT_AUTHOR_DATE="2026-01-$2T10:00:00Z" GIT_COMMITTER_DATE="2026-01-$2T10:00:00Z" \
        git -c user.name="$1" -c user.email="$(echo "$1" | tr 'A-Z ' 'a-z.')@example.org" commit -q -m "Add $3"
}
table() {
    /usr/bin/python3 "$folder/root/usr/bin/gitinspector" -F text . >"$1" 2>"$1.log" || { cat "$1.log"; exit 1; }
    grep -E '^(Author|Ada|Ben|Cy)' "$1"
}
git init -q -b main repository
cd repository
commit 'Ada Stone' 05 a.py
git checkout -q -b topic
git checkout -q main
commit 'Ben Wood' 06 b.py
commit 'Ben Wood' 07 c.py
git checkout -q topic
commit 'Cy Lake' 08 d.py
git checkout -q main
git -c user.name='Ada Stone' -c user.email=ada.stone@example.org merge -q --no-ff -m 'Merge topic' topic
echo "git itself:"
git shortlog -sn --no-merges HEAD
echo "gitinspector, where the newest commit merges topic:"
table merged.txt
commit 'Ada Stone' 09 e.py
echo "gitinspector, with one more commit on top:"
table later.txt
! grep -q 'Ben Wood' merged.txt && grep -qE '^Ada Stone +1 +2 +0 +50.00' merged.txt && grep -qE '^Ben Wood +2 +4 +0 +40.00' later.txt
