#!/bin/sh
# interdiff of two versions of a patch which differ by where it applies, line 102 for line 2, as a hundred lines were added
# above it in the meantime, shows the whole patch taken back and the whole patch made again; `git patch-id` gives
# both one id. And of a second version that makes a script executable, renames a file and changes a picture it shows
# nothing, as if it were the first. The exit code is 0 each time, other than diff's. One would guess that the difference of
# two versions is in what they change, and that what cannot be shown is named, as it does with a new text file ("only in
# patch2"). A review is asked for again after a mere rebase, and not for a rename. Seen with patchutils 0.4.2 and git 2.39.5
# (Debian 12).
# Needs git, patch and apt-get; installs Debian's package patchutils where it is missing. Exits non-zero where they behave
# otherwise.
set -eu
command -v interdiff >/dev/null || apt-get install -y --no-install-recommends patchutils >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
interdiff --version | head -n 1
git --version
git init -q -b main work
cd work
seq 201 209 >file
echo 'exit 0' >script
echo 'int main(void) { return 0; }' >old.c
printf 'a\0b' >picture
git add .
git commit -q -m Begin
git checkout -q -b first
sed -i 's/205/five/' file
git commit -q -a -m Change
git checkout -q -b more
chmod +x script
git mv old.c new.c
printf 'a\0c' >picture
echo new >text
git add .
git commit -q --amend -m Change
git checkout -q -b moved main
{ seq 100; cat file; } >longer
mv longer file
git commit -q -a -m 'Meanwhile'
sed -i 's/205/five/' file
git commit -q -a -m Change
for branch in first more moved; do git diff --binary -M $branch~ $branch >../$branch.patch; done
cd ..
codes=
for branch in more moved; do
    code=0
    interdiff first.patch $branch.patch >$branch.txt 2>errors.txt || code=$?
    codes="$codes$code "
    printf -- '-- interdiff first.patch %s.patch: exit code %s\n' $branch "$code"
    cat $branch.txt
done
ids=$(for patch in first moved; do git patch-id --stable <$patch.patch; done | cut -d ' ' -f 1 | sort -u | wc -l)
grep '^diff\|^[a-z]* mode\|^rename\|^GIT' more.patch >parts.txt
echo "-- parts of more.patch: $(wc -l <parts.txt); patch ids of first and moved: $ids"
[ "$codes" = '0 0 ' ]
[ "$(grep '^[-+]' moved.txt | grep -v '^---\|^+++' | tr '\n' ' ')" = '-five +205 -205 +five ' ]
grep -q 'only in patch2' more.txt
grep -q '+new$' more.txt
if grep -q 'script\|old.c\|new.c\|picture' more.txt; then exit 1; fi
[ "$ids" -eq 1 ]
