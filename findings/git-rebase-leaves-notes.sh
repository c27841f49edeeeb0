#!/bin/sh
# Notes stay behind at a rebase: the setting that carries them over, notes.rewrite.rebase, is true by default, says
# git's manual, and the one that says which notes, notes.rewriteRef, has no default, so none are; likewise for `git
# commit --amend`. The notes still hang on the commits that nobody sees any more. One would guess that true means that
# they are carried over. Reviews, figures of benchmarks or numbers of builds that are kept in notes are gone from a
# branch once it is rebased, before it is merged, and `git log` shows commits without any.
# notes.rewriteRef=refs/notes/commits (or refs/notes/*) carries them. Seen with git 2.39.5 (Debian 12).
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
commit() { # FILE
    echo "$1" >"$1"
    git add "$1"
    git commit -qm "$1"
}
commit base
git checkout -q -b topic
commit topic
git notes add -m '3 % faster'
git checkout -q main
commit other
git checkout -q topic
git rebase -q main
plain=$(git log -1 --format=%N)
printf 'after rebase: %s\n' "$(git log -1 --format='%s, note: %N')"
git reset -q --hard ORIG_HEAD
git -c notes.rewriteRef=refs/notes/commits rebase -q main
carried=$(git log -1 --format=%N)
printf 'after rebase with notes.rewriteRef: %s\n' "$(git log -1 --format='%s, note: %N')"
git commit -q --amend -m again
amended=$(git log -1 --format=%N)
[ -z "$plain" ] && [ "$carried" = '3 % faster' ] && [ -z "$amended" ]
