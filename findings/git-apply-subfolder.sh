#!/bin/sh
# `git apply` in a folder of some repository applies nothing, and says nothing, with exit code 0: names in a patch of git
# count from the top of the repository, and what lies outside the present folder is skipped. --check calls it good, too,
# even a patch of files that do not exist. The same patch without its "diff --git" line is applied. One would guess an
# error, or that it works as outside of a repository. Who unpacks a release in build/ of a checkout and applies a security
# fix there builds without it. --directory, or `patch -p1`, does it. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git init -q -b main repository
git --version
mkdir -p repository/build/library-1.0
cd repository/build/library-1.0
echo old >source.c
printf -- '--- a/source.c\n+++ b/source.c\n@@ -1 +1 @@\n-old\n+new\n' >plain.patch
{ echo 'diff --git a/source.c b/source.c'; cat plain.patch; } >git.patch
sed 's/source/nowhere/' git.patch >nowhere.patch
git apply --check git.patch && echo 'git apply --check git.patch: exit code 0'
git apply git.patch && printf 'git apply git.patch: exit code 0, source.c holds "%s"\n' "$(cat source.c)"
[ "$(cat source.c)" = old ]
git apply --check nowhere.patch && echo 'git apply --check of a file that does not exist: exit code 0'
git apply -v git.patch 2>&1 | sed 's/^/git apply -v: /'
git apply plain.patch && printf 'git apply plain.patch: source.c holds "%s"\n' "$(cat source.c)"
[ "$(cat source.c)" = new ]
