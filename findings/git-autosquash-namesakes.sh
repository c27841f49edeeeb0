#!/bin/sh
# `git commit --fixup=COMMIT` forgets the commit: it writes that one's subject, and `git rebase --autosquash` puts the
# fixup to the first, oldest, commit of that subject. On a branch with two "Update tables" a fixup of the newer one
# becomes part of the older. One would guess the commit that was named, as nothing else was typed, or a question. The
# branch's end is the same, so nobody notices; a bisection, a backport and a revert of either commit have another's
# change in it. "fixup! " with the commit's id in place of the subject goes where it is meant. Seen with git 2.39.5
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
commit() { # FILE SUBJECT
    echo "$1" >"$1"
    git add "$1"
    shift
    git commit -q "$@"
}
export GIT_SEQUENCE_EDITOR=true
commit start -m Start
commit older -m 'Update tables'
commit pipes -m 'Read pipes'
commit newer -m 'Update tables'
newer=$(git rev-parse HEAD)
commit forgotten --fixup=HEAD
git rebase -qi --autosquash HEAD~4
git log --reverse --format='%n%s:' --name-only | tr '\n' ' '
with=$(git log --format=%h:%f --name-only -- forgotten | tail -n 1)
beside=$(git show --format= --name-only "$(git log --format=%h -- forgotten)" | tr '\n' ' ')
git reset -q --hard "$newer"
commit forgotten -m "fixup! $newer"
git rebase -qi --autosquash HEAD~4
named=$(git show --format= --name-only "$(git log --format=%h -- forgotten)" | tr '\n' ' ')
printf '\nforgotten is beside: %s; with the id: %s\n' "$beside" "$named"
[ "$with" = forgotten ] && [ "$beside" = 'forgotten older ' ] && [ "$named" = 'forgotten newer ' ]
