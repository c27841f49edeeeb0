#!/bin/sh
# A test written "async def" in a plain unittest.TestCase passes without being run: calling it makes a coroutine that
# nobody awaits, and what is returned is no failure. "self.fail()" in it changes nothing: unittest, nose2,
# unittest-xml-reporting and pytest, which on functions outside of classes does better, all count one passed test, with
# exit code 0; what there is is a RuntimeWarning, and Python 3.11's DeprecationWarning. One would guess an error, as
# pytest skips async functions that it cannot run. A suite that is turned to async code test by test gets greener.
# IsolatedAsyncioTestCase runs them. Seen with Python 3.11, nose2 0.12.0, unittest-xml-reporting 3.2.0 and pytest 7.2.1
# (Debian 12).
# Needs apt-get; installs Debian's packages python3-nose2, python3-xmlrunner and python3-pytest where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import nose2, pytest, xmlrunner' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-nose2 python3-xmlrunner python3-pytest >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
/usr/bin/python3 --version
write() { # CLASS
    printf 'import unittest\n\n\nclass Archive(unittest.%s):\n    async def test_empty(self):\n        self.fail("not read")\n' "$1" >test_archive.py
}
run() { # MODULE ARGUMENT...
    /usr/bin/python3 -m "$@" >run.txt 2>&1 && code=0 || code=$?
    printf '  %s: exit code %s: %s\n' "$1" "$code" "$(grep -E '^(OK|FAILED)|passed|failed|skipped,|skipped in' run.txt | tail -n 1)"
}
echo 'TestCase:'
write TestCase
for runner in 'unittest test_archive' 'nose2 test_archive' 'xmlrunner test_archive' 'pytest -q test_archive.py'; do
    run $runner
    [ "$code" -eq 0 ]
done
grep -q '<testsuite .*tests="1".*failures="0" errors="0" skipped="0"' TEST-*.xml
echo 'IsolatedAsyncioTestCase:'
write IsolatedAsyncioTestCase
run unittest test_archive
[ "$code" -eq 1 ]
printf 'async def test_empty():\n    assert False\n' >test_archive.py
echo 'a function outside of a class:'
run pytest -q test_archive.py
grep -q '^1 skipped' run.txt
[ "$code" -eq 0 ]
