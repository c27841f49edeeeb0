#!/bin/sh
# `git describe` on the main branch can name an older release than the last one made there: of the tags that it reaches
# it takes the one with the fewest commits that the tag lacks. Where v1.9.1, a maintenance release, was merged back after
# v2.0.0, main is v1.9.1-3-g..., without a word. git-semver-tags, from which change logs for "since the last release" are
# made, has v1.9.1 first, too. One would guess the nearest release of the branch, or the highest. A nightly build, a
# bug report's version, and the range of the next change log count from the wrong release. --first-parent gives v2.0.0.
# Seen with git 2.39.5 (Debian 12) and git-semver-tags 8.0.1.
# Needs git, node and npm; fetches that package. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
day=0
commit() {
    day=$((day + 1))
    GIT_AUTHOR_DATE="2026-01-0${day}T12:00:00Z" GIT_COMMITTER_DATE="2026-01-0${day}T12:00:00Z" git commit -q --allow-empty -m "$1"
}
tag() { GIT_COMMITTER_DATE="2026-01-0${day}T12:00:00Z" git tag -a -m "$1" "$1"; }
commit one
tag v1.9.0
git branch maintenance
commit 'a feature'
commit 'another'
tag v2.0.0
git checkout -q maintenance
for fix in one two three four; do commit "fix $fix"; done
tag v1.9.1
git checkout -q main
GIT_AUTHOR_DATE=2026-01-08T12:00:00Z GIT_COMMITTER_DATE=2026-01-08T12:00:00Z git merge -q maintenance -m 'Merge the fixes of 1.9.1'
git log --oneline --graph --decorate=short --format='%d %s' | cat
described=$(git describe)
straight=$(git describe --first-parent)
printf 'git describe: %s, with --first-parent: %s\n' "$described" "$straight"
cd ..
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts git-semver-tags@8.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >tags.mjs <<'JS'
import { getSemverTags } from "git-semver-tags";
console.log((await getSemverTags({ cwd: "repository" })).join(" "));
JS
tags=$(node tags.mjs)
printf 'git-semver-tags %s: %s\n' "$(node -p "require('./node_modules/git-semver-tags/package.json').version")" "$tags"
case $described in v1.9.1-3-g*) ;; *) exit 1 ;; esac
case $straight in v2.0.0-1-g*) ;; *) exit 1 ;; esac
[ "$tags" = 'v1.9.1 v2.0.0 v1.9.0' ]
