#!/bin/sh
# A patch that goes through `stg export` and `stg import` is Bob's of today: the file has a "From: Bob" line and no date, so
# the commit that was written on 5 January 2020 is dated by the second in which it was imported, without a word. In the
# stack it had its date. `git format-patch` and `git am` of the same commit keep both. One would guess that a series in
# files, made for keeping and mailing it, keeps when a patch was written, since it keeps by whom. A stack moved to another
# clone counts as work of one minute. The template has a field for it, %(authdate)s, that no default uses. Seen with
# Stacked Git 0.19 (Debian 12).
# Needs git and apt-get; installs Debian's package stgit where it is missing. Exits non-zero where they behave otherwise.
set -eu
command -v stg >/dev/null || apt-get install -y --no-install-recommends stgit >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C TZ=UTC GIT_EDITOR=true
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
stg --version >version.txt
grep 'Stacked GIT' version.txt
git --version
git init -q -b main clone
cd clone
echo 1 >file
git add file
git commit -q -m 'Begin'
git branch other
stg init
GIT_AUTHOR_NAME=Bob GIT_AUTHOR_EMAIL=bob@example.org GIT_AUTHOR_DATE='2020-01-05T10:00:00 +0000' \
    stg new -m 'Add a line' line >>../log 2>&1
echo 2 >>file
stg refresh >>../log 2>&1
shown() { git log -1 --format='%an %as'; }
stack=$(shown)
stg export -d ../series -p >>../log 2>&1
git format-patch -q -1 -o ../mail
imported() { # command
    git checkout -q other
    "$@" >>../log 2>&1
    shown
    git checkout -q main
}
git branch by_am other
git checkout -q other
stg init
by_stg=$(imported stg import ../series/line.patch)
git checkout -q by_am
git am -q ../mail/*.patch
by_am=$(shown)
sed -n '1,/^---/p' ../series/line.patch
echo "in the stack: $stack; stg export and import: $by_stg; git format-patch and am: $by_am"
[ "$stack" = 'Bob 2020-01-05' ]
[ "$by_am" = "$stack" ]
case $by_stg in "Bob 2020-"*) exit 1 ;; "Bob "*) ;; *) exit 1 ;; esac
if grep -q '^Date:' ../series/line.patch; then exit 1; fi
