#!/bin/sh
# lsdiff, which lists the files that a patch touches, lists those with changed lines alone: files that git renamed, made
# executable, or added empty are not in its list; and filterdiff -x of one file loses another's change of mode, where that
# is the last in the patch. One would guess the list that `git apply --numstat` gives. Who asks the owners of touched files
# for a review, or strips a part from a patch before it is applied, misses them. Seen with patchutils 0.4.2 (Debian 12).
# Needs git and apt-get; unpacks Debian's package patchutils, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download patchutils >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C PATH="$folder/root/usr/bin:$PATH"
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
lsdiff --version | head -1
git init -q -b main repository
cd repository
echo 'int main() {}' >main.c
echo read me >manual.md
seq 20 >old.txt
echo '#!/bin/sh' >run.sh
git add .
git commit -q -m before
echo '// end' >>main.c
echo please >>manual.md
git mv old.txt new.txt
chmod +x run.sh
: >empty.txt
git add -A
git commit -q -m after
git diff HEAD^ HEAD >../change.diff
git apply --numstat ../change.diff | cut -f3 | sed 's/^/git apply: /'
lsdiff ../change.diff | sed 's/^/lsdiff:    /'
filterdiff -x '*/manual.md' ../change.diff >../code.diff
git checkout -q HEAD^
git apply ../code.diff && git add -A
git diff --cached --raw HEAD | sed 's/^/after filterdiff -x manual.md: /'
[ "$(lsdiff ../change.diff | tr '\n' ' ')" = 'a/main.c a/manual.md ' ]
[ "$(git apply --numstat ../change.diff | wc -l)" -eq 5 ]
! git diff --cached --name-only HEAD | grep -q run.sh
