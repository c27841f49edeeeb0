#!/bin/sh
# --all means all that any reference leads to, notes and stashes, too: in a repository with two commits, one note on
# each and something stashed, `git rev-list --all --count` says 6. Each `git notes add` is a commit ("Notes added by
# 'git notes add'") by whoever wrote the note, and a stash is two ("WIP on main", "index on main"). `git log --all` and
# `git shortlog --all` have them. One would guess the commits of all branches and tags. A bot that keeps reviews or
# benchmarks in notes is the busiest author of the project, a clone with forges' references (refs/pull, refs/changes)
# has every version of every patch, and figures of two clones differ by what someone stashed. --branches --tags
# --remotes counts the history. Seen with git 2.39.5 (Debian 12).
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
echo 1 >file
git add file
git commit -qm one
echo 2 >file
git commit -qam two
export GIT_COMMITTER_NAME='Bench bot' GIT_COMMITTER_EMAIL=bot@example.org GIT_AUTHOR_NAME='Bench bot'
for commit in HEAD HEAD~1; do git notes add -m '1.2 s' $commit; done
echo 3 >file
GIT_AUTHOR_NAME=Ada git stash -q
all=$(git rev-list --all --count)
history=$(git rev-list --branches --tags --remotes --count)
git log --all --format='%an: %s'
git shortlog -sn --all
printf -- '--all: %s, --branches --tags --remotes: %s\n' "$all" "$history"
[ "$all" -eq 6 ] && [ "$history" -eq 2 ]
