#!/bin/sh
# A check in a loop over lines may fail, and shunit2 says OK: in "printf '1\n200\n3\n' | while read -r n; do assertTrue
# ...", where 200 is too much, it prints ASSERT, then "Ran 1 test. OK", and leaves with 0. What stands behind a pipe is
# a process of its own for the shell, and the count of failures made there ends with it; only where the last line fails
# does the test, since shunit2 then sees the status of the loop. One would guess that an assertion that was seen to fail
# fails its test, or that none is seen there at all. Checks of each line of an output, or of each file found, are loops
# of this very form. A loop that reads a file ("done <list") counts. Seen with shunit2 2.1.8 (Debian 12).
# Needs apt-get; unpacks Debian's package shunit2, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download shunit2 >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
export SHUNIT_COLOR=none
run() { # NAME NUMBERS
    {
        printf 'testEveryLimit() {\n'
        printf '    printf "%s" | while read -r n; do assertTrue "$n is small" "[ $n -lt 100 ]"; done\n' "$2"
        printf '}\n. "%s/root/usr/bin/shunit2"\n' "$folder"
    } >"$1.sh"
    sh "$1.sh" >"$1.txt" 2>&1 && code=0 || code=$?
    printf '%s: exit code %s\n' "$1" "$code"
    grep -E 'ASSERT|ERROR|^OK|^FAILED' "$1.txt"
}
run middle '1\\n200\\n3\\n'
[ "$code" -eq 0 ]
grep -q 'ASSERT:200 is small' middle.txt
grep -q '^OK' middle.txt
run last '1\\n3\\n200\\n'
[ "$code" -ne 0 ]
{
    printf '1\n200\n3\n' >numbers.txt
    printf 'testEveryLimit() {\n    while read -r n; do assertTrue "$n is small" "[ $n -lt 100 ]"; done <numbers.txt\n}\n'
    printf '. "%s/root/usr/bin/shunit2"\n' "$folder"
} >file.sh
sh file.sh >file.txt 2>&1 && code=0 || code=$?
printf 'from a file: exit code %s\n' "$code"
[ "$code" -ne 0 ] && grep -q '^FAILED' file.txt
