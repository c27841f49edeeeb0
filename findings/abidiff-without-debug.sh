#!/bin/sh
# abidiff, which tells whether a new build of a library fits programs that were built for the old one, says nothing, with
# exit code 0, of two whose structure grew and whose function takes one more argument, where both were built without -g or
# were stripped: without debugging information it compares the names of symbols alone. One would guess an error, or a
# word, as it has exit codes of its own for what it cannot do. What distributions and releases ship is stripped, and a gate
# that compares the shipped files is green for every change but a symbol that is gone. With -g it has the whole change.
# Seen with libabigail 2.2 (Debian 12).
# Needs gcc and apt-get; installs Debian's package abigail-tools where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
command -v abidiff >/dev/null || apt-get install -y --no-install-recommends abigail-tools >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
abidiff --version
echo 'struct archive { int size; }; int size_of(struct archive* one) { return one->size; }' >old.c
echo 'struct archive { long place; int size; }; int size_of(struct archive* one, int more) { return one->size + more; }' >new.c
for name in old new; do
    gcc -g -shared -fPIC -o $name-debug.so $name.c
    gcc -shared -fPIC -o $name.so $name.c
done
compare() {
    abidiff "$1" "$2" >found.txt 2>&1 && code=0 || code=$?
    printf '%s against %s: exit code %s, %s lines\n' "$1" "$2" "$code" "$(wc -l <found.txt)"
}
compare old.so new.so
[ "$code" -eq 0 ] && [ ! -s found.txt ]
compare old-debug.so new-debug.so
[ "$code" -ne 0 ] && grep -q 'type size changed' found.txt
strip --strip-debug old-debug.so new-debug.so
compare old-debug.so new-debug.so
[ "$code" -eq 0 ] && [ ! -s found.txt ]
