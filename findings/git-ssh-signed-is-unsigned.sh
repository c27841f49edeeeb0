#!/bin/sh
# A commit signed by an SSH key counts as unsigned where no list of signers is set: `git log --format=%G?` prints N, "no
# signature", beside a line on standard error, with exit code 0. With a list that lacks the key, or an empty one, it is
# U, "good, of unknown validity". A signature of GnuPG whose key is missing has a letter of its own, E, "cannot be
# checked". One would guess E, since the signature is there, in the commit. Who counts the share of signed commits in a
# fresh clone, as CI has it, finds that those who moved from GnuPG to SSH stopped signing. `git cat-file` shows the
# header gpgsig. Seen with git 2.39.5 and OpenSSH 9.2 (Debian 12).
# Needs Debian's packages git and openssh-client; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
ssh-keygen -q -t ed25519 -N '' -f "$folder/key"
git -c gpg.format=ssh -c user.signingkey="$folder/key.pub" commit -q --allow-empty -S -m signed
none=$(git log --format=%G? 2>"$folder/errors")
empty=$(git -c gpg.ssh.allowedSignersFile=/dev/null log --format=%G?)
printf 'ada@example.org %s\n' "$(cat "$folder/key.pub")" >"$folder/signers"
listed=$(git -c gpg.ssh.allowedSignersFile="$folder/signers" log --format=%G?)
printf 'without a list: %s (%s)\nwith an empty one: %s, with the key in it: %s\n' "$none" "$(cat "$folder/errors")" "$empty" "$listed"
git cat-file commit HEAD | grep '^gpgsig'
[ "$none$empty$listed" = NUG ]
