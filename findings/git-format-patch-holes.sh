#!/bin/sh
# A commit that changes nothing, as people make them to run CI again, leaves a hole in a series: `git format-patch` counts it
# ("1/3" and "3/3"), names it in the cover letter, and writes an empty file for it. `git am *.patch` stops before the first
# patch, "empty mbox", and sent by mail the series lacks a part for good: b4 says ERROR: missing [2/3], and gives the others.
# One would guess that it is left out and the rest numbered without it, or that it is a mail without a diff; with --always
# it is one. Reviewers, patchwork and queues wait for a mail that was never sent. Seen with git 2.39.5 and b4 0.12.0
# (Debian 12).
# Needs git and apt-get; installs Debian's package b4 where it is missing; asks no server. Exits non-zero where they behave
# otherwise.
set -eu
command -v b4 >/dev/null || apt-get install -y --no-install-recommends b4 >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" XDG_CACHE_HOME="$folder/cache" XDG_DATA_HOME="$folder/data" GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C.UTF-8 TZ=UTC
cd "$folder"
git config --global user.name Ada
git config --global user.email ada@example.org
git config --global b4.attestation-policy off
printf 'b4 %s, ' "$(b4 --version)"
git --version
git init -q -b main repository
cd repository
write() { printf '%s\n' "$1" >>reader.c && git add . && git commit -qm "$2"; }
write 1 base
write 2 'reader: one'
git commit -q --allow-empty -m 'ci: run again'
write 3 'reader: two'
git format-patch -q --cover-letter --thread -o ../series HEAD~3
cd ../series
sed -i 's/[*]* SUBJECT HERE [*]*/Change the reader/; /^Subject:/i To: list@example.org' 0000-*.patch
for file in *.patch; do printf '%s: %s bytes, %s\n' "$file" "$(wc -c <"$file")" "$(grep -m 1 '^Subject' "$file")"; done
sed -n '/^Ada/,/^$/p' 0000-*.patch
cd ../repository
git checkout -q HEAD~3
git am ../series/000[123]-*.patch >../am.txt 2>&1 && code=0 || code=$?
printf 'git am: exit code %s, %s; commits made: %s\n' "$code" "$(head -n 1 ../am.txt)" "$(git rev-list --count main..HEAD)"
for file in ../series/*.patch; do cat "$file"; echo; done >../thread.mbox
mkdir ../out
b4 am -m ../thread.mbox -o ../out --no-cache "$(sed -n 's/^Message-I[dD]: <\(.*\)>/\1/p' ../series/0000-*.patch | head -n 1)" \
    >../said.txt 2>&1 || true
grep -i missing ../said.txt
git am --abort >/dev/null 2>&1 || true
git format-patch -q --always -o ../always main~3..main
printf 'with --always: %s empty files\n' "$(find ../always -empty | wc -l)"
[ ! -s ../series/0002-*.patch ] && grep -q 'PATCH 3/3' ../series/0003-*.patch && grep -q 'ci: run again' ../series/0000-*.patch
[ "$code" -ne 0 ] && grep -q 'empty mbox' ../am.txt && grep -q 'missing.*2/3' ../said.txt && [ -z "$(find ../always -empty)" ]
