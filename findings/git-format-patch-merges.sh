#!/bin/sh
# `git format-patch main..topic` leaves merges out, with what was done in them: where a branch merged main and its author
# resolved a conflict, and added a file that both sides need, in that merge, there is one patch, exit code 0, and neither
# the resolution nor the file. `git am` takes it to another tree, or refuses it, than that of the branch. One would guess an
# error, or one more patch, since the command turns what the range holds into mails. A contributor who merged now and then
# sends a series that was never built. `git diff main...topic` has it all. Seen with git 2.39.5 (Debian 12).
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
printf 'a\nb\nc\nd\ne\nf\n' >reader.c
git add .
git commit -qm base
git checkout -q -b topic
sed -i 's/^a$/a, larger/' reader.c
git commit -qam 'Read larger archives'
git checkout -q main
sed -i 's/^f$/f, renamed/' reader.c
git commit -qam 'Rename'
git checkout -q topic
git merge -q --no-commit main
sed -i 's/^d$/d, as both sides need it/' reader.c
echo 'also needed' >tables.c
git add .
git commit -qm 'Merge main, and do what both sides need'
git log --oneline --format='in the range: %s' main..topic
git format-patch -o ../series main..topic >../names.txt && code=0 || code=$?
printf 'format-patch: exit code %s, %s patch\n' "$code" "$(wc -l <../names.txt)"
git checkout -q --detach main
git am -q ../series/*.patch
echo 'topic, against what git am made of its patches on main:'
git diff --stat HEAD topic | cat
[ "$code" -eq 0 ] && [ "$(wc -l <../names.txt)" -eq 1 ]
[ "$(git rev-list --count main..topic)" -eq 2 ]
[ "$(git diff --name-only HEAD topic | tr '\n' ' ')" = 'reader.c tables.c ' ]
