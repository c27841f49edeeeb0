#!/bin/sh
# Meson's JUnit report of a wholly red run says errors="0" failures="0": a test that ran out of time, one that was to
# fail and did not, and a TAP program that left with code 1 half-way are all written as test cases that passed. `meson
# test` itself counts them and leaves with the number of bad tests. One would guess that what fails the run is a failure
# in its report; of plain tests only an exit code is. Who shows the XML on a dashboard, or finds flaky tests by it, sees
# hangs and crashes as green. Seen with Meson 1.0.1 (Debian 12).
# Needs python3, ninja and apt-get; unpacks Debian's package meson, installs nothing. Exits non-zero where it behaves
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download meson >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x meson_*.deb root
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" HOME="$folder"
meson() { /usr/bin/python3 "$folder/root/usr/bin/meson" "$@"; }
printf 'Meson %s\n' "$(meson --version)"
mkdir source
cat >source/meson.build <<'MESON'
project('example')
shell = find_program('sh')
test('hangs', shell, args: [files('hangs.sh')], timeout: 1)
test('passes, though known to be broken', shell, args: [files('passes.sh')], should_fail: true)
test('stops', shell, args: [files('stops.sh')], protocol: 'tap')
MESON
echo 'exec sleep 20' >source/hangs.sh
echo 'exit 0' >source/passes.sh
printf 'echo 1..3\necho ok 1 - opens\necho ok 2 - reads\nexit 1\n' >source/stops.sh
meson setup source build >setup.log 2>&1 || { cat setup.log; exit 1; }
meson test -C build >run.log 2>&1 && code=0 || code=$?
grep -E '^[1-3]/3|^(Ok|Fail|Unexpected Pass|Timeout):' run.log
printf 'exit code %s\n' "$code"
grep -oE '<(testsuites|testcase) [^>]*>' build/meson-logs/testlog.junit.xml
[ "$code" -eq 3 ] && grep -qE '^Ok: +0' run.log &&
    grep -q '<testsuites tests="4" errors="0" failures="0">' build/meson-logs/testlog.junit.xml &&
    ! grep -qE '<(failure|error|skipped)' build/meson-logs/testlog.junit.xml
