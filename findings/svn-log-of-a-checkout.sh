#!/bin/sh
# `svn log` in a checkout does not have one's own commits: after three of them it prints nothing at all, and `svn log
# FILE` has the three. It shows the history of the folder as it is checked out, and a commit moves on the files that it
# sends, not the folder they are in; `svn update` does, and so does the repository's address in place of the folder.
# `svn info` says "Revision: 0", too. One would guess the log of the repository, or one that ends with the newest commit
# made there. Change logs and numbers of builds taken in a working copy end where it was last updated. Seen with
# Subversion 1.14.2 (Debian 12).
# Needs apt-get; installs Debian's package subversion where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v svn >/dev/null || apt-get install -y --no-install-recommends subversion >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" LC_ALL=C
svn --version -q
svnadmin create repository
svn checkout -q "file://$folder/repository" checkout
cd checkout
for number in 1 2 3; do
    echo $number >>reader.c
    svn add -q --force reader.c
    svn commit -q -m "Change $number"
done
commits() { svn log -q "$@" | grep -c '^r[0-9]' || true; }
printf 'svn log: %s commits, svn log reader.c: %s, svn log ADDRESS: %s; %s, %s\n' "$(commits)" "$(commits reader.c)" \
    "$(commits "file://$folder/repository")" "$(svn info | grep '^Revision')" "$(svnversion)"
[ "$(commits)" -eq 0 ]
[ "$(commits reader.c)" -eq 3 ]
[ "$(commits "file://$folder/repository")" -eq 3 ]
svn update -q
printf 'after svn update: %s commits\n' "$(commits)"
[ "$(commits)" -eq 3 ]
