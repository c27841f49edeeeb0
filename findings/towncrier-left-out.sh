#!/bin/sh
# towncrier leaves a piece of news out when its file's name has a type that it does not know: 2.feat.rst, 3.Feature.rst
# and one in a folder below are in no change log, without a word and with exit code 0, and `towncrier check` of the
# branch is content where one other piece is there. And of backport-1.2.bugfix.rst the text is linked with issue 2: the
# number before the type is taken, whatever stands before. One would guess an error for an unknown type, as the types
# are a closed list. A release is announced without its features; the files stay and nobody is told. Seen with towncrier
# 22.12.0 (Debian 12).
# Needs git, python3 and apt-get; unpacks Debian's packages, installs nothing. Exits non-zero where it behaves
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download towncrier python3-click python3-click-default-group python3-incremental python3-jinja2 \
    python3-markupsafe python3-tomli python3-setuptools python3-pkg-resources >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 LC_ALL=C.UTF-8
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
towncrier() { /usr/bin/python3 "$folder/root/usr/bin/towncrier" "$@"; }
towncrier --version
git init -q -b main repository
cd repository
mkdir news
printf '[tool.towncrier]\nname = "example"\nversion = "1.0"\ndirectory = "news"\nfilename = "NEWS.rst"\n' >pyproject.toml
git add .
git commit -q -m 'Begin'
git checkout -q -b topic
mkdir news/reader
echo 'Reads archives.' >news/1.feature.rst
echo 'Writes archives.' >news/2.feat.rst
echo 'Sorts names.' >news/3.Feature.rst
echo 'Reads indexes.' >news/reader/4.feature.rst
echo 'Closes its files.' >news/backport-1.2.bugfix.rst
git add .
git commit -q -m 'Do five things'
towncrier check --compare-with main >check.txt 2>&1 && code=0 || code=$?
printf 'check: exit code %s\n' "$code"
towncrier build --draft >build.txt 2>build.log || { cat build.txt build.log; exit 1; }
grep '^-' build.txt
[ "$code" -eq 0 ] && [ "$(grep '^- ' build.txt | paste -s -d ' ')" = '- Reads archives. (#1) - Closes its files. (#2)' ] &&
    ! grep -qE 'Writes|Sorts|indexes|feat\.rst' build.txt build.log
