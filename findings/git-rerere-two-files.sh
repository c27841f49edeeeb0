#!/bin/sh
# git's memory for conflicts, rerere, knows them by their text, not by file: where one merge has the same conflict in two
# files, and people resolve it one way in the first and the other way in the second, it says "Recorded resolution" for
# both, and resolves both the first way when the merge is made again, without a mark in the file. One would guess that what
# was decided for a file is what comes back for that file. Versions and years that stand in many files are such conflicts;
# who rebuilds an integration branch, or repeats a merge with rerere.autoUpdate, commits a resolution that nobody made.
# Seen with git 2.39.5 (Debian 12).
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
git config rerere.enabled true
files() { for file in reader writer; do printf 'begin\nversion = %s\nend\n' "$1" >$file; done; git add .; }
files 1
git commit -qm base
git checkout -q -b side
files 2
git commit -qm side
git checkout -q main
files 3
git commit -qm main
git merge -q side >/dev/null 2>&1 && exit 1
printf 'begin\nversion = 2\nend\n' >reader
printf 'begin\nversion = 3\nend\n' >writer
git add .
git commit -qm 'Merge side: the reader takes 2, the writer stays at 3' 2>said.txt
sed 's/^/git said: /' said.txt
echo "merged by hand:  reader $(sed -n 's/version = //p' reader), writer $(sed -n 's/version = //p' writer)"
git reset -q --hard HEAD~1
git merge -q side >said.again 2>&1 || true
grep '^Resolved' said.again | sed 's/^/git said: /'
echo "by rerere again: reader $(sed -n 's/version = //p' reader), writer $(sed -n 's/version = //p' writer)"
grep -q "Recorded resolution for 'reader'" said.txt && grep -q "Recorded resolution for 'writer'" said.txt
grep -q "Resolved 'writer' using previous resolution" said.again
[ "$(cat reader)" = "$(cat writer)" ] && ! grep -q '<<<<' writer
