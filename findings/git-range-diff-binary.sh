#!/bin/sh
# `git range-diff` calls two versions of a commit equal ("=") when they differ in a binary file, or in the mode of a file
# that the commit adds: it compares the texts of diffs, and of a binary file the text is "Binary files differ", without the
# line of ids; --binary changes nothing. One would guess "!", as for one changed word. Who reviews a second version of a
# series by it, or by the one that `git format-patch --range-diff` puts in the cover letter, is told that the patch is as
# it was, and takes an archive or a test's data that was swapped for what was seen before. `git diff` of the two tips has
# both. Seen with git 2.39.5 (Debian 12).
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
echo one >reader.c
git add .
git commit -qm base
version() { # NAME BYTES MODE PROGRAM: a branch with one commit, which adds a file of test data and a script
    git checkout -q -b "$1" main
    printf '\000\001%s' "$2" >archive.bin
    echo "exec ${4:-reader}" >run
    chmod "$3" run
    git add .
    git commit -qm 'Add the data of the test'
    git checkout -q main
}
version v1 'what was reviewed' 644
version v2 'quite another content, three times as long' 644
version v3 'what was reviewed' 755
version v4 'what was reviewed' 644 writer
data=$(git range-diff main v1 v2)
binary=$(git range-diff --binary main v1 v2)
mode=$(git range-diff main v1 v3)
word=$(git range-diff main v1 v4)
printf 'other data:      %s\nwith --binary:   %s\nanother mode:    %s\nanother word:    %s\n' "$data" "$binary" "$mode" "$(echo "$word" | head -n 1)"
git diff --stat v1 v2
git diff --summary v1 v3
one() { case $1 in '1: '*" $2 1: "*) ;; *) exit 1 ;; esac; }
one "$data" =
one "$binary" =
one "$mode" =
one "$word" !
git diff --stat v1 v2 | grep -q 'archive.bin | Bin' && git diff --summary v1 v3 | grep -q 'mode change 100644 => 100755 run'
