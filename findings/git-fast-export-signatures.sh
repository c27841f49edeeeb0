#!/bin/sh
# `git fast-export --all | git fast-import`, the way to move, split or clean a history, takes the signatures off commits
# without a word and with exit code 0: the commit that was signed is another one afterwards, with all that came after
# it, and the branch has a new id though nothing was asked to change. The signature of a TAG made by an SSH key, on the
# other hand, is carried over as it is, on a tag that now names another commit, so that it can hold no more. One would
# guess that an export which alters nothing gives the same ids, or that it stops, as the manual says of signed tags. A
# copy that is to be the same project has no commit in common with it, links to commits are dead, the share of signed
# commits is nought, and all its releases look tampered with. Seen with git 2.39.5 and OpenSSH 9.2 (Debian 12).
# Needs git and ssh-keygen; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
: >gitconfig
export HOME="$folder" GIT_CONFIG_GLOBAL="$folder/gitconfig" GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
ssh-keygen -q -t ed25519 -N '' -f key
git init -q -b main old
git init -q -b main new
git -C old config gpg.format ssh
git -C old config user.signingkey "$folder/key.pub"
git -C old commit -q -S --allow-empty -m 'Signed'
git -C old commit -q --allow-empty -m 'Not signed'
git -C old tag -s -m 'Release' v1.0
git -C old fast-export --all >history.txt 2>words.txt
git -C new fast-import --quiet <history.txt
echo "exit code 0, words: $(wc -c <words.txt) bytes"
for copy in old new; do
    git -C $copy cat-file -p main~1 | grep -c '^gpgsig' >$copy.commit || true
    git -C $copy cat-file tag v1.0 | grep -c 'BEGIN SSH SIGNATURE' >$copy.tag || true
    echo "$copy: $(git -C $copy rev-parse --short main), signatures of commits: $(cat $copy.commit), of the tag: $(cat $copy.tag)"
done
[ ! -s words.txt ] && [ "$(git -C old rev-parse main)" != "$(git -C new rev-parse main)" ] &&
    [ "$(cat old.commit new.commit old.tag new.tag | tr '\n' ' ')" = '1 0 1 1 ' ]
