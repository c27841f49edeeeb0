#!/bin/sh
# `git diff -w --name-only` names files in which only white space changed, and --name-status and --raw have them as
# well; --numstat, --stat and the diff itself have none. Leaving out white space is a matter of comparing lines, and a
# list of names compares none. `git log -w` lists the commit, too. One would guess that one option means one thing for
# the same two trees, all the more as `git diff -w --quiet` says "no difference". Who looks for the files that a
# reformatting really changed, to review those or to test those alone, is handed all of them. Seen with git 2.39.5
# (Debian 12).
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
printf 'int f(void) {\nreturn 1;\n}\n' >indented.c
printf 'int g(void) {\nreturn 2;\n}\n' >changed.c
git add .
git commit -qm one
printf 'int f(void) {\n    return 1;\n}\n' >indented.c
git commit -qam 'Indent'
for option in --name-only --name-status --raw --numstat --stat; do
    printf '%s: "%s"\n' "git diff -w $option" "$(git diff -w $option HEAD~)"
done
git diff -w --quiet HEAD~ && quiet=0 || quiet=$?
printf 'git diff -w --quiet: exit code %s\n' "$quiet"
[ "$(git diff -w --name-only HEAD~)" = indented.c ] && [ -z "$(git diff -w --numstat HEAD~)" ] && [ "$quiet" -eq 0 ]
