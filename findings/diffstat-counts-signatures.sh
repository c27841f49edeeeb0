#!/bin/sh
# diffstat, asked how large a mailed patch is, counts the mail's signature: of one that only makes a file executable it
# says "1 file changed, 1 deletion(-)", as the line "-- " with which git ends each mail looks like a line taken out,
# where no hunk before it tells how many lines there are; a file renamed without a change likewise. Added up over a
# series, each such mail is one line more, and a file that one patch adds and the next changes is two files,
# "b/reader.c" and "reader.c". git's own `apply --numstat` has 0. One would guess that nothing is counted where nothing
# changes, as the mark "-- " is older than git. Seen with diffstat 1.65 and git 2.39.5 (Debian 12).
# Needs git and apt-get; unpacks Debian's package diffstat, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download diffstat >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
git --version
git init -q -b main repository
cd repository
commit() { git add . && git commit -qm "$1"; }
seq 10 >run.sh && commit Start
seq 5 >reader.c && commit 'Add a reader'
seq 6 >reader.c && commit 'Read more'
chmod +x run.sh && commit 'Make it executable'
git mv run.sh start.sh && commit 'Give it a better name'
git format-patch -q -o ../series HEAD~4
cd ../series
for mail in *.patch; do
    printf '%s: git: %s  diffstat:%s\n' "$mail" "$(git apply --numstat "$mail" | cut -f 1-2 | tr '\t' ' ')" \
        "$("$folder/root/usr/bin/diffstat" "$mail" | tail -n 1)"
done
echo 'all four:'
cat *.patch | "$folder/root/usr/bin/diffstat" | tee ../all.txt
"$folder/root/usr/bin/diffstat" 0003-*.patch | grep -q '1 deletion(-)'
"$folder/root/usr/bin/diffstat" 0004-*.patch | grep -q '1 deletion(-)'
grep -Eq '^ *b/reader.c ' ../all.txt
grep -Eq '^ *reader.c ' ../all.txt
[ "$(git apply --numstat 0003-*.patch | cut -f 1-2 | tr '\t' ' ')" = '0 0' ]
