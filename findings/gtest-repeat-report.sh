#!/bin/sh
# With --gtest_repeat GoogleTest writes its report anew after each round, so it holds the last one alone: a test that fails
# in the first of three rounds and passes in the others leaves tests="2" failures="0" beside exit code 1. One would guess
# that a report holds all that failed in the run. Who hunts flaky tests with repeats and reads the XML finds none, and a
# build that is red has a report that is green. Seen with GoogleTest 1.12.1 (Debian 12).
# Needs g++ and apt-get; unpacks Debian's package libgtest-dev, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download libgtest-dev >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls libgtest-dev_*.deb
library=$(dirname "$(find root -name libgtest.a)")
cat >round.cpp <<'CPP'
#include <gtest/gtest.h>
static int rounds = 0;
TEST(File, FailsInTheFirstRound) { EXPECT_NE(rounds++, 0); }
TEST(File, Passes) {}
CPP
g++ -Iroot/usr/include round.cpp -o round -L"$library" -lgtest -lgtest_main -lpthread
./round --gtest_repeat=3 --gtest_output=xml:report.xml >output.txt && code=0 || code=$?
grep -E '^\[  (FAILED|PASSED)  \] [0-9]' output.txt
printf 'exit code %s\n' "$code"
grep -E '<testsuites|<testcase' report.xml
[ "$code" -eq 1 ] && grep -q '<testsuites tests="2" failures="0"' report.xml && ! grep -q '<failure' report.xml
