#!/bin/sh
# `git log -L :read:file.c`, the history of the function read, is that of read_all, where that stands above it: the name
# is a regular expression, found anywhere in the first line that begins a function, its type and arguments included
# ("int write(int already)"). The commit that changed read is not listed. One would guess the function of that name, or
# an error where several match. Who asks who changed a function, or which commit broke it, reads the history of a
# neighbour, in which the broken commit is missing. :\bread\b: is stricter. Seen with git 2.39.5 (Debian 12).
# Needs Debian's package git; fetches nothing. Exits non-zero where git behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
cd "$folder"
git --version
git init -q -b main repository
cd repository
cat >io.c <<'C'
int write(int already)
{
    return already;
}

int read(int file)
{
    return file + 1;
}
C
git add io.c
git commit -qm 'Both functions'
sed -i 's/file + 1/file + 2/' io.c
git commit -qam 'Change read'
sed -i 's/return already/return -already/' io.c
git commit -qam 'Change write'
history() { git log -s --format=%s -L ":$1:io.c" | tr '\n' ';'; }
printf -- '-L :read: %s\n-L :\\bread\\b: %s\n' "$(history read)" "$(history '\bread\b')"
[ "$(history read)" = 'Change write;Both functions;' ] && [ "$(history '\bread\b')" = 'Change read;Both functions;' ]
