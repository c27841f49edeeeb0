#!/bin/sh
# dpkg finds bugs to close in prose: to it "closes: 3 of the open questions" in debian/changelog closes bug 3, since
# neither the number sign nor a word "bug" is asked for, and no bracket. On the other hand only commas go on: of
# "(Closes: #123 #456)" and "(Closes: #11, #12 and #13)" the last bug of each is left open. One would guess that a bug
# is a number with its sign, and all of those in the bracket. The Closes field goes into the upload and closes them
# without a question: a stranger's bug is closed, and one that was fixed stays open. Seen with dpkg 1.21.22 (Debian 12).
# Needs dpkg-parsechangelog, of Debian's package dpkg-dev; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-parsechangelog --version | head -n 1
closes() { # closes ENTRY EXPECTED: what a changelog with this entry closes
    printf 'example (1.0-1) unstable; urgency=medium\n\n  * %s\n\n -- Ada Stone <ada@example.org>  Mon, 05 Jan 2026 10:00:00 +0000\n' "$1" >changelog
    found=$(dpkg-parsechangelog -l changelog --show-field Closes)
    printf '%s -> %s\n' "$1" "${found:-none}"
    [ "$found" = "$2" ]
}
closes 'Read archives (Closes: #123, #456).' '123 456'
closes 'Read archives (Closes: #123 #456).' '123'
closes 'Read archives (Closes: #11, #12 and #13).' '11 12'
closes 'Say what the review closes: 3 of the open questions.' '3'
