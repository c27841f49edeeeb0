#!/bin/sh
# git-contacts, which names people to ask about a patch, names some who never touched it: it asks `git blame` for the
# last five years, and a line that is older is laid on the newest commit before that, whatever that one changed. Of a
# line that Root wrote eleven years ago and a commit of Mid's, three years later, to another line, it says Mid, alone;
# `git blame --since` prints "^" before such a line, which is also how a file's first commit looks. One would guess the
# line's own author, or nobody, for what is out of range. Whoever made some small change just before the limit is asked
# about all old code of that file, moves with the calendar, and who knows it is not. Seen with git 2.39.5 (Debian 12),
# which has it in contrib/contacts.
# Needs git and perl; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C TZ=UTC
git --version
git init -q -b main repository
cd repository
commit() { # NAME YEARS
    git add code.txt
    day=$(date -u -d "$2 years ago" +%F)
    GIT_AUTHOR_NAME=$1 GIT_AUTHOR_EMAIL=$1@example.org GIT_COMMITTER_NAME=$1 GIT_COMMITTER_EMAIL=$1@example.org \
        GIT_AUTHOR_DATE=${day}T12:00:00Z GIT_COMMITTER_DATE=${day}T12:00:00Z git commit -q -m "$1"
}
seq 1 20 >code.txt
commit Root 11
sed -i 's/^1$/one/' code.txt
commit Mid 8
sed -i 's/^15$/fifteen/' code.txt
commit New 2
sed -i 's/^5$/five/' code.txt
commit Patch 1
git blame -L5,5 HEAD~1 -- code.txt
git blame --since=5.years -L5,5 HEAD~1 -- code.txt
perl /usr/share/doc/git/contrib/contacts/git-contacts HEAD~1..HEAD >people.txt
cat people.txt
git blame -L5,5 HEAD~1 -- code.txt | grep -q 'Root' &&
    git blame --since=5.years -L5,5 HEAD~1 -- code.txt | grep -q '^^.*Mid' && [ "$(cat people.txt)" = 'Mid <Mid@example.org>' ]
