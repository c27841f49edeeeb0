#!/bin/sh
# With a .mailmap, `git log --author=OLD` finds none of the commits whose author it itself prints as OLD with %ae: log looks
# for the address that the map gives, shortlog and rev-list for the one that the commit has. One would guess that one
# option means one thing in the three, and that a map joins people without hiding them. A script that counts a person's or a
# bot's commits by address says 0 from the day that a .mailmap names them; `git rev-list --author=NEW` says 0, too.
# --no-mailmap makes log look at the commit. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=old@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=old@example.org
cd "$folder"
git init -q -b main repository
cd repository
git --version
git commit -q --allow-empty -m one
echo 'Ada Stone <new@example.org> <old@example.org>' >.mailmap
count() { git "$@" | wc -l; }
printed=$(git log --format=%ae)
printf 'git log --format=%%ae prints %s\n' "$printed"
for address in old new; do
    log=$(count log --format=%h --author=$address@example.org)
    plain=$(count log --format=%h --no-mailmap --author=$address@example.org)
    list=$(count rev-list --author=$address@example.org HEAD)
    short=$(count shortlog -s --author=$address@example.org HEAD)
    printf -- '--author=%s@example.org: log %s, log --no-mailmap %s, rev-list %s, shortlog %s\n' $address "$log" "$plain" "$list" "$short"
    [ $address = old ] && [ "$log$plain$list$short" = 0111 ] || [ "$log$plain$list$short" = 1000 ]
done
[ "$printed" = old@example.org ]
