#!/bin/sh
# `b4 am` writes refusals into the commits that it is about to make: "Nacked-by: Dan" in an answer becomes a trailer of the
# patch, below the author's Signed-off-by, and so does a line "Reviewed-by: Eve" that ends the sentence "I would not give a".
# A Tested-by that was sent to the cover letter does not, without -t. The exit code is 0, and all stand with a "+" in one
# list. One would guess a warning for a patch that somebody refused, and that praise of the whole series counts for each
# part. Who applies what b4 prepared, as many do by a script, commits a patch with its refusal in it. Seen with b4 0.12.0
# and git 2.39.5 (Debian 12).
# Needs git and apt-get; installs Debian's package b4 where it is missing; asks no server. Exits non-zero where it behaves
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
seq 1 20 >reader.c
git add .
git commit -qm base
for line in 1 9; do
    sed -i "s/^$line\$/line $line/" reader.c
    git commit -qam "reader: change $line" -m 'Signed-off-by: Ada <ada@example.org>'
done
git format-patch -q --cover-letter --thread -o ../series HEAD~2
git checkout -q HEAD~2
cd ../series
sed -i 's/[*]* SUBJECT HERE [*]*/Change the reader/; s/[*]* BLURB HERE [*]*/Two changes./; /^Subject:/i To: list@example.org' *.patch
id() { sed -n 's/^Message-I[dD]: <\(.*\)>/\1/p' "$1" | head -n 1; }
cover=$(id 0000-*.patch)
second=$(id 0002-*.patch)
answer() { # NUMBER NAME PATCH TEXT
    printf 'From mboxrd@z Thu Jan  1 00:00:00 1970\nFrom: %s <%s@example.org>\nDate: %s\nSubject: Re: [PATCH] reader\n' \
        "$2" "$(echo "$2" | tr A-Z a-z)" "$(date -R)"
    printf 'Message-Id: <answer%s@example.org>\nIn-Reply-To: <%s>\nReferences: <%s> <%s>\n\n%b\n' "$1" "$3" "$cover" "$3" "$4"
}
{
    for patch in *.patch; do cat "$patch"; echo; done
    answer 1 Cy "$cover" 'Tested-by: Cy <cy@example.org>\n'
    answer 2 Dan "$second" 'I do not want this.\n\nNacked-by: Dan <dan@example.org>\n'
    answer 3 Eve "$second" 'As I said, I would not give a\nReviewed-by: Eve <eve@example.org>\nfor this, as it is wrong.\n'
} >../thread.mbox
cd ../repository
b4 am -m ../thread.mbox -o .. --no-cache "$cover" >../said.txt 2>&1 && code=0 || code=$?
grep -E '^  (\[|  \+)|cover letter|Tested-by' ../said.txt
printf 'exit code %s\n' "$code"
git am -q ../*.mbx
git log -1 --format='the commit: %s%n%(trailers)'
git log -1 --format='%(trailers:key=Nacked-by)' | grep -q Dan
git log -1 --format='%(trailers:key=Reviewed-by)' | grep -q Eve
! git log -2 --format=%B | grep -q Tested-by
[ "$code" -eq 0 ]
