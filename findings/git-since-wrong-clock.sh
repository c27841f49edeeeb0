#!/bin/sh
# `git log --since` is no filter: it stops walking at the first commit whose committer date is older, so ONE commit that
# was made on a machine with a wrong clock hides all newer-dated commits behind it, on a straight branch without merges.
# `git shortlog` and `git rev-list --count` do the same. One would guess that each commit is asked for its own date. Who
# counts a year's contributors misses most of them, without a warning. --since-as-filter (git 2.37 and later) asks each.
# Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git init -q -b main repository
cd repository
git --version
commit() { GIT_AUTHOR_DATE="$1" GIT_COMMITTER_DATE="$1" git commit -q --allow-empty -m "$2"; }
commit 2023-01-10T12:00:00Z 'the year before'
commit 2024-02-10T12:00:00Z first
commit 2024-03-10T12:00:00Z second
commit 2019-01-01T00:00:00Z 'from a machine with a wrong clock'
commit 2024-04-10T12:00:00Z third
since=$(git rev-list --count --since=2024-01-01T00:00Z HEAD)
filter=$(git rev-list --count --since-as-filter=2024-01-01T00:00Z HEAD)
git log --format='%cs %s' | sed 's/^/all:   /'
git log --since=2024-01-01T00:00Z --format='%cs %s' | sed 's/^/since: /'
printf 'of 2024: --since %s, --since-as-filter %s\n' "$since" "$filter"
[ "$since" -eq 1 ] && [ "$filter" -eq 3 ]
