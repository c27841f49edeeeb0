#!/bin/sh
# GNU patch applies what a patch's message merely quotes: a diff that stands indented in the description ("an earlier
# proposal did this, and was wrong:") is taken off its indentation and applied with the rest, with exit code 0 and one
# line of comment. `git am` and `git apply` change only the file that the patch changes, and lsdiff lists but that one.
# One would guess that what stands before the diff is for people, as the three have it. A build that applies the mails
# of a series, or the patches of a distribution, with patch builds what a reviewer had refused. Seen with GNU patch
# 2.7.6, git 2.39.5 and patchutils 0.4.2 (Debian 12).
# Needs patch, git and apt-get; unpacks Debian's package patchutils, installs nothing. Exits non-zero where they behave
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download patchutils >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x patchutils_*.deb root
patch --version | head -n 1
git --version
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git init -q repository
cd repository
printf 'one\ntwo\nthree\n' | tee reader >writer
git add .
git commit -q -m 'Begin'
cp reader ../before
echo four >>reader
git commit -q -a -F - <<'MESSAGE'
Read a fourth line

An earlier proposal did this, and was wrong:

    --- a/writer
    +++ b/writer
    @@ -1,3 +1,2 @@
     one
    -two
     three
MESSAGE
git format-patch -1 --stdout >../fix.patch
git reset -q --hard HEAD~1
changed() { git diff --name-only HEAD~"$1" | paste -s -d ' '; }
patch -p1 <../fix.patch
by_patch=$(changed 0)
git checkout -q .
git apply ../fix.patch
by_apply=$(changed 0)
git checkout -q .
git am -q ../fix.patch
by_am=$(changed 1)
by_lsdiff=$(../root/usr/bin/lsdiff --strip=1 ../fix.patch | paste -s -d ' ')
printf 'patch: %s\ngit apply: %s\ngit am: %s\nlsdiff: %s\n' "$by_patch" "$by_apply" "$by_am" "$by_lsdiff"
[ "$by_patch" = 'reader writer' ] && [ "$by_apply $by_am $by_lsdiff" = 'reader reader reader' ]
