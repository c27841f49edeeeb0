#!/bin/sh
# sloccount, given a checkout, counts git's own sample hooks as the project's code: in a new clone of a project with
# fifty lines of C it says 458 lines, of which 308 are shell and 100 Perl, from .git/hooks; cloc leaves .git out. One
# would guess that a counter of source code knows where a version control system keeps its things, as it leaves out CVS
# folders. Small projects are in shell, their effort and cost by COCOMO are those of the hooks, and a release's tarball
# has another size than the tag that it was made from. Seen with sloccount 2.26, cloc 1.96 and git 2.39.5 (Debian 12).
# Needs git and apt-get; unpacks Debian's package sloccount, and installs cloc where it is missing. Exits non-zero where
# they behave otherwise.
set -eu
command -v cloc >/dev/null || apt-get install -y --no-install-recommends cloc >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download sloccount >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export PATH="$folder/root/usr/bin:$PATH"
git init -q -b main project
seq -f 'int a%.0f;' 50 >project/a.c
sloccount project >counted 2>/dev/null
grep -E '^(sh|perl|ansic): |^Total Physical' counted
cloc --quiet project | grep -E '^(Language|C) '
grep -q '^ansic: *50 ' counted && grep -q '^sh: *[1-9]' counted && grep -q '^perl: *[1-9]' counted
[ "$(cloc --quiet --csv project | grep -c ',50$')" -gt 0 ] && ! cloc --quiet --csv project | grep -q Perl
