#!/bin/sh
# git reads .gitattributes and .gitignore as Windows' editors write them, with a byte order mark in front, and drops it;
# of .mailmap it does not. The mark becomes part of the first name in the file: whom the first line names is called
# "\357\273\277Ada Stone" by `git shortlog`, `git log --format=%aN` and `git check-mailmap`, which looks the same and
# counts apart from the Ada Stone of every commit that no line changes. A first line that is a comment begins with no #
# then, and is taken for a line. One would guess that git treats its three files alike. Who is first in a mailmap is two
# people in counts of contributors. Seen with git 2.39.5 (Debian 12).
# Needs git; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TZ=UTC
export GIT_COMMITTER_NAME=Cyd GIT_COMMITTER_EMAIL=cyd@example.org
git --version
git init -q -b main repository
cd repository
printf '\357\273\277Ada Stone <ada@home.example.org> <ada@work.example.org>\nBea Brook <bea@home.example.org> <bea@work.example.org>\n' >.mailmap
printf '\357\273\277*.gen linguist-generated\n' >.gitattributes
git add .
for who in "Ada Stone <ada@home.example.org>" "ada <ada@work.example.org>" "bea <bea@work.example.org>"; do
    git commit -q --allow-empty --author "$who" -m work
done
counted=$(git shortlog -sn HEAD | od -An -c | tr -s ' \n' ' ')
echo "shortlog:$counted"
git shortlog -sn HEAD
attribute=$(git check-attr linguist-generated a.gen)
echo "$attribute"
people=$(git shortlog -s HEAD | wc -l)
[ "$people" -eq 3 ] && [ "$attribute" = "a.gen: linguist-generated: set" ] && [ "$(git check-mailmap 'ada <ada@work.example.org>')" = "$(printf '\357\273\277Ada Stone <ada@home.example.org>')" ]
