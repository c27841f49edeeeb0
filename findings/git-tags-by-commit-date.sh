#!/bin/sh
# `git tag --sort=-committerdate` puts annotated tags last, as if they had no date: an annotated tag is an object of its
# own with a tagger, so its committerdate and its authordate are empty, and empty comes before all dates. Of v0.1, a
# plain tag of January, and v0.2 and v0.3, annotated ones of February and March, the newest is v0.1. One would guess the
# dates of the commits that the tags are on, which is what committerdate is for a branch, or an error. "The last
# release" of scripts that take the first line is the last one that somebody tagged without -a, an age of years; sorted
# the other way, all releases come before the first one. creatordate, and *committerdate for annotated ones, have dates.
# Seen with git 2.39.5 (Debian 12).
# Needs git; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
git init -q -b main repository
cd repository
for month in 1 2 3; do
    export GIT_AUTHOR_DATE="2026-0$month-05T12:00:00Z" GIT_COMMITTER_DATE="2026-0$month-05T12:00:00Z"
    git commit -q --allow-empty -m "Release $month"
    if [ "$month" = 1 ]; then git tag v0.1; else git tag -a -m "Release $month" "v0.$month"; fi
done
git for-each-ref --sort=-committerdate --format='%(refname:short) committer [%(committerdate:short)] creator [%(creatordate:short)]' refs/tags
newest() { git tag --sort="-$1" | head -n 1; }
echo "newest by committerdate: $(newest committerdate), authordate: $(newest authordate), creatordate: $(newest creatordate)"
[ "$(newest committerdate)" = v0.1 ] && [ "$(newest authordate)" = v0.1 ] && [ "$(newest creatordate)" = v0.3 ]
