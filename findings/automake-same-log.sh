#!/bin/sh
# Of two tests "parse" and "parse.test" Automake's `make check` runs one: both keep their result in parse.trs, as .test is
# the extension that it takes off, so the other is never started, and what the first one says is counted for both. A
# parse.test that fails is among "# PASS: 3", with exit code 0, and neither automake nor make says a word. One would guess
# an error, or two logs. A program of tests beside a script that runs it with other data, the usual pair, is one test; the
# total is right all the same. Seen with Automake 1.16.5 (Debian 12).
# Needs make and apt-get; installs Debian's package automake where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
command -v automake >/dev/null || apt-get install -y --no-install-recommends automake >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
automake --version | head -n 1
cat >configure.ac <<'AC'
AC_INIT([tests], [1])
AM_INIT_AUTOMAKE([foreign -Wall])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
AC
echo 'TESTS = parse parse.test other.test' >Makefile.am
for name in parse parse.test other.test; do
    printf '#!/bin/sh\necho %s >>"%s/started"\nexit %s\n' $name "$folder" "$([ $name = parse.test ] && echo 1 || echo 0)" >$name
    chmod +x $name
done
autoreconf -i >autoreconf.log 2>&1
./configure -q
make check >check.txt 2>&1 && code=0 || code=$?
grep -E '^(PASS|FAIL|# TOTAL|# PASS|# FAIL)' check.txt
printf 'started: %s; exit code %s\n' "$(tr '\n' ' ' <started)" "$code"
./parse.test && alone=0 || alone=$?
printf 'parse.test alone: exit code %s\n' "$alone"
grep -i warning autoreconf.log check.txt && exit 1
[ "$code" -eq 0 ] && [ "$alone" -eq 1 ] && grep -q '^# TOTAL: 3' check.txt && grep -q '^# PASS:  3' check.txt
