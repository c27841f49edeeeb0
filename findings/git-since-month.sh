#!/bin/sh
# `git log --since=2020-06` is not "since June 2020": git reads the 6 as a day and fills in the month, and the time, of
# this moment, so on a 14th of November it means 6 November 2020, at the very time of day that it is asked. Likewise
# --since=2020 is this day's date in 2020, --since=2020-01-01 leaves out the first commits of that day, and a word that is
# no date is "now". Nothing is refused. A figure "since 2020-06" loses five months and changes daily; a year's report made
# in the afternoon lacks New Year's morning. 2020-06-01T00:00 says it all. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
export TZ=UTC GIT_TEST_DATE_NOW=1700000000
git init -q repository
cd repository
git --version
echo 'now:                      2023-11-14T22:13:20 (git is told so)'
meant() {
    seconds=$(git rev-parse --since="$1" | sed 's/--max-age=//')
    moment=$(date -u -d "@$seconds" +%FT%T)
    printf -- '--since=%-17s %s\n' "$1" "$moment"
    [ "$moment" = "$2" ]
}
meant 2020-06 2020-11-06T22:13:20
meant 2020 2020-11-14T22:13:20
meant 2020-01-01 2020-01-01T22:13:20
meant 2020-13-45 2020-11-13T22:13:20
meant releaseday 2023-11-14T22:13:20
meant 2020-06-01T00:00 2020-06-01T00:00:00
