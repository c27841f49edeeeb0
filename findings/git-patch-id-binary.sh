#!/bin/sh
# The patch-id of a commit that changes a binary file is not the one of its patch: `git show | git patch-id` and
# `git format-patch | git patch-id` print different ids for the same commit, with --stable, too. For a binary file git
# hashes the two ids of the line "index …" as they are written, and format-patch writes them in full, show and log in
# seven digits. One would guess that a patch-id depends on the change alone. `git show --binary` gives the patch's id.
# Seen with git 2.39.5 (Debian 12). Needs Debian's package git; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
printf 'a\0b' >picture
git add picture
git commit -q -m base
printf 'a\0c' >picture
git commit -q -a -m change
id() { git patch-id --stable | cut -d' ' -f1; }
show=$(git show | id)
mail=$(git format-patch -1 --stdout | id)
binary=$(git show --binary | id)
echo "git show            $show"
echo "git format-patch    $mail"
echo "git show --binary   $binary"
[ "$show" != "$mail" ] && [ "$binary" = "$mail" ]
