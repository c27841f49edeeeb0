#!/bin/sh
# A commit does not survive `git format-patch | git am`: when the first lines of its message's body look like a header of
# a mail, `git am` takes them for one. "From:" changes the author, "Date:" the author's date, "Subject:" the subject, and
# the line is gone. A line "Index: ..." or "---" ends the message there. One would guess that format-patch quotes what am
# would eat. Who carries fixes to release branches by patches credits the wrong person and loses trailers, with exit
# code 0; `git cherry-pick` and `git rebase` keep all of it. Seen with git 2.39.5 (Debian 12).
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
echo one >file
git add file
git commit -q -m base
carry() {
    echo two >file
    printf "$1" | git commit -q -a -F -
    before=$(git log -1 --format='%an | %s | %b' | tr '\n' ' ')
    git format-patch -q -1 --stdout >../carried.patch
    git reset -q --hard HEAD^
    git am -q ../carried.patch
    after=$(git log -1 --format='%an | %s | %b' | tr '\n' ' ')
    git reset -q --hard HEAD^
    printf 'committed: %s\ncarried:   %s\n' "$before" "$after"
}
carry 'mail: keep headers\n\nFrom: Bea <bea@example.org>\nis how what was forwarded begins.\n'
case $after in 'Bea | mail: keep headers | is how'*) ;; *) exit 1 ;; esac
carry 'mail: keep headers\n\nSubject: lines are read, too.\n'
case $after in 'Ada | lines are read, too. | '*) ;; *) exit 1 ;; esac
carry 'table: count from nought\n\nThe output was\n\nIndex: 1\n\nand is 0 now.\n\nReviewed-by: Bea <bea@example.org>\n'
case $after in *Index* | *Reviewed-by*) exit 1 ;; 'Ada | table: count from nought | The output was'*) ;; *) exit 1 ;; esac
