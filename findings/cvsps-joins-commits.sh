#!/bin/sh
# cvsps, by which `git cvsimport` and statistics put together what CVS has file by file, makes one of several commits: of
# three by the same person within five minutes that are called "Fix typo", in a, in b and in a again, there are two patch
# sets, of which the second has b's and a's second with the date of the earlier. CVS gives each commit an id since 1.12, here
# three, and `cvs log` shows them; cvsps goes by author, message and the time alone, and begins anew where a file would be
# twice in one. One would guess that it takes the id where there is one. Whoever commits often and says little has fewer
# commits, in others there are files that were never committed together. -z 0, no time at all, keeps these three. Seen with
# cvsps 2.1 and CVS 1.12.13 of MirDebian (Debian 12).
# Needs apt-get; installs Debian's packages cvs and cvsps where they are missing. Exits non-zero where they behave
# otherwise.
set -eu
command -v cvs >/dev/null && command -v cvsps >/dev/null || apt-get install -y --no-install-recommends cvs cvsps >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" CVSROOT="$folder/root" USER=ada LOGNAME=ada LC_ALL=C TZ=UTC
cvs --version | grep 'Concurrent Versions'
cvsps -h 2>&1 | grep version
cvs init
mkdir new
echo 1 >new/a
echo 1 >new/b
(cd new && cvs -Q import -m 'Import' project vendor start)
cvs -Q checkout project
cd project
commit() { # file, text
    sleep 2
    echo "$2" >"$1"
    cvs -Q commit -m 'Fix typo' "$1"
}
commit a 2
commit b 2
commit a 3
ids=$(cvs -Q log | grep -B 1 '^Fix typo' | sed -n 's/.*commitid: \(.*\);/\1/p' | sort -u | wc -l)
cvsps -q -u -x >../sets.txt 2>../errors.txt
cvsps -q -u -x -z 0 >../exact.txt 2>>../errors.txt
sed -n '/^PatchSet 3/,$p' ../sets.txt
sets() { grep -c '^Fix typo' "$1"; }
echo "commits by their ids: $ids, patch sets: $(sets ../sets.txt), with -z 0: $(sets ../exact.txt)"
[ "$ids" -eq 3 ]
[ "$(sets ../sets.txt)" -eq 2 ]
[ "$(sets ../exact.txt)" -eq 3 ]
[ "$(sed -n '/^PatchSet 4/,$p' ../sets.txt | grep -c '^	[ab]:')" -eq 2 ]
