#!/bin/sh
# The notes of 2.0.0 say nothing of what is new in 2.0.0, if there was a candidate: git-cliff, auto-changelog,
# changelogen and commit-and-tag-version begin after the last tag, v2.0.0-rc.2, so of a feature in rc.1, a fix in rc.2
# and a word in the manual since then, the notes have the manual, and commit-and-tag-version's a headline with nothing
# below. Links "compare" lead from rc.2, too. One would guess all since 1.0.0 for a version without a suffix, as a
# candidate is no release to most users and to npm's own "latest". The more carefully a major version was tried out, the
# less its announcement holds; those who never install candidates have to read each of their notes. Seen with git-cliff
# 2.14.2, auto-changelog 2.7.0, changelogen 0.6.2 and commit-and-tag-version 12.7.3.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts git-cliff@2.14.2 auto-changelog@2.7.0 changelogen@0.6.2 \
    commit-and-tag-version@12.7.3 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C CI=true
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
tools="$folder/node_modules/.bin"
git init -q -b main repository
cd repository
git remote add origin https://example.org/owner/name.git
commit() { # DAY MESSAGE VERSION
    printf '{"name":"name","version":"%s"}\n' "$3" >package.json
    git add .
    GIT_AUTHOR_DATE="2026-01-0${1}T09:00:00Z" GIT_COMMITTER_DATE="2026-01-0${1}T09:00:00Z" git commit -q --allow-empty -m "$2"
}
commit 1 'feat: one' 1.0.0
git tag v1.0.0
commit 2 'feat: read archives' 2.0.0-rc.1
git tag v2.0.0-rc.1
commit 3 'fix: close them' 2.0.0-rc.2
git tag v2.0.0-rc.2
commit 4 'docs: tell of it' 2.0.0-rc.2
for name in git-cliff auto-changelog changelogen commit-and-tag-version; do
    printf '%s %s\n' "$name" "$(node -p "JSON.parse(require('fs').readFileSync('../node_modules/$name/package.json')).version")"
done
"$tools/git-cliff" --unreleased --tag v2.0.0 >../git-cliff.md 2>../log
"$tools/auto-changelog" --stdout --latest-version v2.0.0 --starting-version v2.0.0 >../auto-changelog.md 2>>../log
"$tools/changelogen" --no-output -r 2.0.0 >../changelogen.md 2>>../log
"$tools/commit-and-tag-version" --dry-run >../commit-and-tag-version.md 2>>../log
cd ..
for notes in git-cliff auto-changelog changelogen commit-and-tag-version; do
    echo "== $notes"
    grep -v '^$' "$notes.md"
    grep -q '2\.0\.0' "$notes.md"
    ! grep -qi 'read archives\|close them' "$notes.md" || exit 1
done
grep -q 'tell of it' auto-changelog.md
! grep -qi 'tell of it' commit-and-tag-version.md
