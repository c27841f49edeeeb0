#!/bin/sh
# `patch --batch`, for scripts that have nobody to ask, takes a patch out again that is applied already: "Reversed (or
# previously applied) patch detected! Assuming -R.", and exit code 0. Run twice, it leaves the file as it was before,
# three times as after; a backport that upstream has released meanwhile is undone, and the build goes on with the old
# fault. One would guess that a run without questions takes the careful answer, as -f, its other option for scripts,
# does by refusing, and -N by leaving the file alone; both leave with 1. Seen with GNU patch 2.7.6 (Debian 12).
# Needs Debian's package patch; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C
patch --version | head -n 1
printf 'one\ntwo\nthree\n' >before.c
printf 'one\ntwo, checked\nthree\n' >after.c
diff -u --label a/reader.c --label b/reader.c before.c after.c >fix.patch || true
try() { # OPTION
    cp after.c reader.c
    patch -p1 "$1" <fix.patch >patch.txt 2>&1 && code=0 || code=$?
    cmp -s reader.c before.c && state='without the fix' || state='with the fix'
    printf 'patch %s, the fix being there: exit code %s, reader.c is now %s\n' "$1" "$code" "$state"
    head -n 2 patch.txt | tail -n 1
    rm -f reader.c.rej reader.c.orig
}
try --batch
[ "$code" -eq 0 ]
[ "$state" = 'without the fix' ]
try --force
[ "$code" -eq 1 ]
[ "$state" = 'with the fix' ]
try --forward
[ "$code" -eq 1 ]
[ "$state" = 'with the fix' ]
