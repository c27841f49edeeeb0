#!/bin/sh
# git-cliff makes a patch release of a breaking change: after "chore(deps)!: drop Node 16" and "fix: close the file"
# --bumped-version says v1.0.1, and the notes have the fix alone, since what its rules leave out, chore(deps), chore(pr)
# and chore(pull), is left out with the "!" as well, for the number, too. After "docs!: move the manual" it says v2.0.0,
# and the entry is marked as breaking. One would guess that no rule for dull commits takes in a breaking one. A platform
# that is dropped, the breaking change that comes as just this type, reaches everybody who asked for "^1.0.0", and no
# line tells it. protect_breaking_commits = true keeps them. Seen with git-cliff 2.14.2.
# Needs git, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts git-cliff@2.14.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C NO_COLOR=1
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cliff=$folder/node_modules/.bin/git-cliff
"$cliff" --version
for subject in 'chore(deps)!: drop Node 16' 'docs!: move the manual'; do
    rm -rf repository
    git init -q -b main repository
    cd repository
    git commit -q --allow-empty -m 'feat: begin'
    git tag v1.0.0
    git commit -q --allow-empty -m "$subject"
    git commit -q --allow-empty -m 'fix: close the file'
    "$cliff" --offline --bumped-version >../next.txt 2>../log.txt || { cat ../log.txt; exit 1; }
    "$cliff" --offline --unreleased >../notes.md 2>../log.txt || { cat ../log.txt; exit 1; }
    echo "$subject -> $(cat ../next.txt)"
    grep '^- ' ../notes.md
    case $subject in
    chore*) [ "$(cat ../next.txt)" = v1.0.1 ] && ! grep -q 'Node 16' ../notes.md ;;
    docs*) [ "$(cat ../next.txt)" = v2.0.0 ] && grep -q '^- .*breaking.* Move the manual' ../notes.md ;;
    esac
    cd ..
done
