#!/bin/sh
# `grepdiff open changes.patch`, which lists the files of a patch whose changes match, lists files in whose changes the
# word is not: context is searched as well, so a file is there because an unchanged line within three of a changed one
# has the word. Of two files, one that merely declares open() above what was changed, one that takes a call of it away,
# it names both; `git log -G open` has the second alone. One would guess changed lines, as what is near depends on -U,
# and the same change with less context is another answer. Lists of patches that touch a function, and who is asked for
# a review by them, have its neighbours. --only-match=mod is for changed lines. Seen with patchutils 0.4.2 and git
# 2.39.5 (Debian 12).
# Needs git, perl and apt-get; unpacks Debian's package patchutils, installs nothing. Exits non-zero where they behave
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download patchutils >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
git --version
git init -q -b main repository
cd repository
printf 'int open(void);\n\nint limit = 1;\n' >declares.c
printf 'int read(void)\n{\n    open();\n    return 0;\n}\n' >calls.c
git add .
git commit -qm Start
sed -i 's/limit = 1/limit = 2/' declares.c
sed -i '/open()/d' calls.c
git commit -qam Change
matches() { git diff "$1" HEAD~ HEAD | "$folder/root/usr/bin/grepdiff" $2 open | tr '\n' ' '; }
printf 'grepdiff open: %s\n' "$(matches -U3 '')"
printf 'of the same change with one line of context: %s\n' "$(matches -U1 '')"
printf 'grepdiff --only-match=mod open: %s\n' "$(matches -U3 --only-match=mod)"
printf 'git log -G open: %s\n' "$(git log -1 -G open --format= --name-only | tr '\n' ' ')"
[ "$(matches -U3 '')" = 'a/calls.c a/declares.c ' ]
[ "$(matches -U1 '')" = 'a/calls.c ' ]
[ "$(matches -U3 --only-match=mod)" = 'a/calls.c ' ]
[ "$(git log -1 -G open --format= --name-only | tr '\n' ' ')" = 'calls.c ' ]
