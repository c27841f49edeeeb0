#!/bin/sh
# "Fixes #12" right above "Co-authored-by: ..." takes the co-author away: to git a last paragraph with one line that is no
# trailer has no trailers at all. With "Signed-off-by: " in place of it the same paragraph counts, and may be up to three
# parts prose. One would guess that a trailer is a line "Key: value" in the last paragraph, whichever key. Who credits
# reviewers and co-authors by %(trailers) or `git shortlog --group=trailer:co-authored-by` loses those whose commits close
# an issue in the line above, and more so in projects without sign-off. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git init -q -b main repository
cd repository
git --version
trailers() {
    printf "$1" | git commit -q --allow-empty --cleanup=verbatim -F -
    seen=$(git log -1 --format='%(trailers:only,unfold,separator=%x2C )')
    printf '%-66s -> "%s"\n' "$(printf "$1" | tail -n +3 | tr '\n' '|')" "$seen"
    [ "$seen" = "$2" ]
}
trailers 'Close files\n\nCo-authored-by: Bea <bea@example.org>\n' 'Co-authored-by: Bea <bea@example.org>'
trailers 'Close files\n\nFixes #12\nCo-authored-by: Bea <bea@example.org>\n' ''
trailers 'Close files\n\nFixes #12\nReviewed-by: Bea <b@example.org>\nCo-authored-by: Cy <c@example.org>\n' ''
trailers 'Close files\n\nFixes #12\nSigned-off-by: Ada <ada@example.org>\n' 'Signed-off-by: Ada <ada@example.org>'
trailers 'Close files\n\nThis is\nall mere\nprose.\nSigned-off-by: Ada <ada@example.org>\n' 'Signed-off-by: Ada <ada@example.org>'
printf 'git shortlog of co-authors: "%s"\n' "$(git shortlog -s --group=trailer:co-authored-by HEAD | tr -s ' \t\n' ' ')"
[ "$(git shortlog -s --group=trailer:co-authored-by HEAD | wc -l)" -eq 1 ]
