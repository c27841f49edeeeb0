#!/bin/sh
# `git tag --points-at HEAD` does not name a tag that is on a tag. `git tag -a v1.0 v1.0-rc1`, where v1.0-rc1 is annotated,
# makes such a one (git warns of it since 2.22), and so does signing what was tagged. `git describe` calls the commit
# v1.0, `git tag --contains HEAD` and `git rev-parse v1.0^{commit}` know it, and --points-at looks one tag deep alone: the
# candidate is there, the release is not. One would guess that the tags that point at a commit are those that describe
# names it by. Which release a commit is, is asked that way by scripts of CI ("is this build a release?") and of release
# notes; the commit of v1.0 is none. Seen with git 2.39.5 (Debian 12).
# Needs git; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TZ=UTC
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
git init -q -b main repository
cd repository
git commit -q --allow-empty -m "Release"
git tag -a -m "Candidate" v1.0-rc1
git -c advice.nestedTag=false tag -a -m "Release" v1.0 v1.0-rc1
pointing=$(git tag --points-at HEAD | tr '\n' ' ') containing=$(git tag --contains HEAD | tr '\n' ' ')
echo "points at HEAD: ${pointing}- contains HEAD: ${containing}- the commit of v1.0 is HEAD: $([ "$(git rev-parse 'v1.0^{commit}')" = "$(git rev-parse HEAD)" ] && echo yes)"
git tag -d v1.0-rc1 >/dev/null
alone=$(git tag --points-at HEAD) described=$(git describe --exact-match)
echo "without the candidate's name: points at HEAD: [$alone], git describe --exact-match: $described"
[ "$pointing" = "v1.0-rc1 " ] && [ "$containing" = "v1.0 v1.0-rc1 " ] && [ "$alone" = "" ] && [ "$described" = v1.0 ]
