#!/bin/sh
# git says two things of the trailers of one message: `git interpret-trailers --parse` takes a line that begins with
# "---" and a blank or the end for the beginning of a patch and reads no further, `git log --format=%(trailers)` reads a
# commit message to its end. A program that pipes messages of commits through the first loses co-authors of commits
# whose message has such a line. Option --no-divider makes both agree. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git init -q repository
cd repository
printf 'A subject\n\nA section\n---\nand what it says.\n\nCo-authored-by: Bea <bea@example.org>\n' >message
git commit -q --allow-empty --cleanup=verbatim -F message
git --version
piped=$(git interpret-trailers --parse <message)
logged=$(git log -1 --format='%(trailers:only,unfold)')
whole=$(git interpret-trailers --parse --no-divider <message)
printf 'interpret-trailers --parse:              "%s"\n' "$piped"
printf 'log --format=%%(trailers):                "%s"\n' "$logged"
printf 'interpret-trailers --parse --no-divider: "%s"\n' "$whole"
[ -z "$piped" ] && [ "$logged" = 'Co-authored-by: Bea <bea@example.org>' ] && [ "$whole" = "$logged" ]
