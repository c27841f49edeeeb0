#!/bin/sh
# The newest version is a release candidate, if one asks git or sort: `git tag --sort=version:refname` and GNU `sort -V`
# put 2.0.0-rc1 and 2.0.0-beta behind 2.0.0, as longer text, and `git tag --sort=-v:refname | head -n 1`, "the last
# release" of many scripts, is v2.0.0-rc1 for ever after v2.0.0. npm's semver, Python's packaging (2.0.0rc1) and, where
# it is written 2.0.0~rc1, dpkg have the candidate first, as the specification of semantic versions has it. One would
# guess that what calls itself a sort of versions knows candidates. Change logs and nightly versions count from the
# candidate. versionsort.suffix=- mends git; sort -V takes the tilde alone. Seen with git 2.39.5, GNU coreutils 9.1
# (Debian 12) and semver 7.8.6.
# Needs git, dpkg, node and npm; fetches that package. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
sort --version | head -n 1
(
    cd "$folder"
    echo '{}' >package.json
    npm install --no-audit --no-fund --ignore-scripts semver@7.8.6 >npm.log 2>&1 || { cat npm.log; exit 1; }
)
git commit -q --allow-empty -m one
for tag in v1.9.0 v2.0.0-rc1 v2.0.0; do git tag $tag; done
by_git=$(git tag --sort=-version:refname | head -n 1)
by_suffix=$(git -c versionsort.suffix=- tag --sort=-version:refname | head -n 1)
by_sort=$(git tag | sort -V | tail -n 1)
tilde=$(git tag | tr - '~' | sort -V | tail -n 1)
by_semver=$(git tag | xargs "$folder/node_modules/.bin/semver" | tail -n 1)
printf 'newest: git %s, git with versionsort.suffix %s, sort -V %s, with a tilde %s, semver %s\n' \
    "$by_git" "$by_suffix" "$by_sort" "$tilde" "$by_semver"
dpkg --compare-versions 2.0.0~rc1 lt 2.0.0
[ "$by_git $by_suffix $by_sort $tilde $by_semver" = 'v2.0.0-rc1 v2.0.0 v2.0.0-rc1 v2.0.0 2.0.0' ]
