#!/bin/sh
# `git commit -s`, and --trailer, write a line again that is there already, unless it is the very last one: of a message
# with "Signed-off-by: Ada" and, below it, "Reviewed-by: Bob", -s makes one with two sign-offs of Ada, and --trailer
# "Reviewed-by: Bob" one with two reviews of Bob's. Only the neighbour is looked at (addIfDifferentNeighbor), as where
# patches go from hand to hand a second sign-off has a meaning. One would guess that -s adds what is missing. An amended
# commit, or a bot that adds who approved, has people twice; %(trailers:key=Reviewed-by,valueonly) lists Bob two times,
# and so he has two reviews in counts of lines. --if-exists=addIfDifferent looks at all. Seen with git 2.39.5.
# Needs git. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
git init -q -b main .
echo one >reader.c
git add .
printf 'reader: check bounds\n\nSigned-off-by: Ada <ada@example.org>\nReviewed-by: Bob <bob@example.org>\n' >message
git commit -qs -F message
git commit -q --amend --no-edit --trailer 'Reviewed-by: Bob <bob@example.org>'
git log -1 --format=%B
echo 'reviews by %(trailers):'
git log -1 '--format=%(trailers:key=Reviewed-by,valueonly)' | grep . | tee reviews
echo 'with addIfDifferent:'
git interpret-trailers --if-exists=addIfDifferent --trailer 'Signed-off-by: Ada <ada@example.org>' message | grep -c '^Signed-off-by' | tee careful
[ "$(git log -1 --format=%B | grep -c '^Signed-off-by: Ada')" -eq 2 ] && [ "$(grep -c Bob reviews)" -eq 2 ] && [ "$(cat careful)" -eq 1 ]
