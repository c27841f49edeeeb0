#!/bin/sh
# In Python's junitparser, `both = first + second` empties first and second: suites are moved into the sum, since a node of
# lxml has one parent; `first += second` empties second. One would guess that + leaves its operands alone, as everywhere.
# Who adds up the reports of a build's jobs and then counts, or writes, each job's own finds neither tests nor failures
# there, and gets no error. Seen with junitparser 2.8.0 and lxml 4.9.2 (Debian 12).
# Needs python3 and apt-get; unpacks Debian's packages, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-junitparser python3-lxml python3-future >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls *.deb
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages"
for name in linux macos; do
    printf '<testsuites><testsuite name="%s" tests="1" failures="1" errors="0" skipped="0" time="1"><testcase classname="io" name="reads"><failure message="no"/></testcase></testsuite></testsuites>' $name >$name.xml
done
/usr/bin/python3 - <<'PYTHON'
import sys
from junitparser import JUnitXml

def suites(report):
    return len(list(report))

first, second = JUnitXml.fromfile("linux.xml"), JUnitXml.fromfile("macos.xml")
both = first + second
added = suites(both), suites(first), suites(second)
first.update_statistics()
print("both = first + second: suites in both, first, second:", added, "; failures of first, counted anew:", first.failures)
first, second = JUnitXml.fromfile("linux.xml"), JUnitXml.fromfile("macos.xml")
first += second
joined = suites(first), suites(second)
print("first += second: suites in first, second:", joined)
sys.exit(not (added == (2, 0, 0) and joined == (2, 0)))
PYTHON
