#!/bin/sh
# doctest's JUnit report knows of assertions alone: a test case that fails by what stands beside it, timeout() or
# should_fail(), is in the XML as passed, failures="0", while the run leaves with exit code 1. On the other hand a WARN,
# which never fails anything, is a <failure> there and counts as one, in a run with exit code 0. One would guess that
# the report and the exit code agree. A gate or a dashboard that reads the XML lets through tests that became too slow,
# and stops at mere warnings. Seen with doctest 2.4.9 (Debian 12).
# Needs g++ and apt-get; unpacks Debian's package doctest-dev, installs nothing. Exits non-zero where it behaves
# otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download doctest-dev >apt.log 2>&1 || { cat apt.log; exit 1; }
dpkg -x doctest-dev_*.deb root
ls *.deb
cat >tests.cpp <<'CPP'
#define DOCTEST_CONFIG_IMPLEMENT_WITH_MAIN
#include <doctest/doctest.h>
#include <unistd.h>
TEST_CASE("too slow" * doctest::timeout(0.01)) {
  usleep(200000);
  CHECK(1 == 1);
}
TEST_CASE("repaired by now" * doctest::should_fail()) { CHECK(1 == 1); }
TEST_CASE("only warns") { WARN(1 == 2); }
CPP
g++ -O0 -w -Iroot/usr/include tests.cpp -o tests
run() { # run TEST REPORT
    ./tests --test-case="$1" --reporters=junit >"$2" && code=0 || code=$?
    printf '%s: exit code %s\n' "$1" "$code"
    grep -E '<(testsuite |testcase|failure)' "$2"
}
run 'too slow' slow.xml
{ [ "$code" -eq 1 ] && grep -q 'failures="0"' slow.xml && ! grep -q '<failure' slow.xml; } || exit 1
run 'repaired by now' should.xml
{ [ "$code" -eq 1 ] && grep -q 'failures="0"' should.xml && ! grep -q '<failure' should.xml; } || exit 1
run 'only warns' warns.xml
[ "$code" -eq 0 ] && grep -q 'failures="1"' warns.xml && grep -q '<failure message="1 == 2" type="WARN">' warns.xml
