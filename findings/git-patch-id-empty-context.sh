#!/bin/sh
# Mail programs cut blanks at the ends of lines, so an empty line of context, which a diff writes as one blank, arrives as
# nothing. `git apply` and `git am` take such a line for context, and the commit is made. `git patch-id`, told the same
# mail, does not count it as a line of the hunk, reads on for as many lines as it then misses ("-- ", the version of git),
# and prints another id than for the commit that `git am` made of that mail: one would guess that what applies has the id
# of what it becomes. Who looks for applied patches by patch-id misses these. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
printf 'one\n\ntwo\n' >file
git add file
git commit -q -m base
printf 'one\n\nthree\n' >file
git commit -q -a -m change
git format-patch -q -1 --stdout >../whole.mbox
git reset -q --hard HEAD~
sed 's/^ $//' ../whole.mbox >../cut.mbox
whole=$(git patch-id --stable <../whole.mbox | cut -d' ' -f1)
cut=$(git patch-id --stable <../cut.mbox | cut -d' ' -f1)
git am -q ../cut.mbox
applied=$(git show | git patch-id --stable | cut -d' ' -f1)
echo "as sent           $whole"
echo "blank cut         $cut"
echo "the commit of it  $applied"
[ "$whole" = "$applied" ] && [ "$cut" != "$applied" ]
