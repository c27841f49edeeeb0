#!/bin/sh
# A test that is marked to fail (unittest's expectedFailure) and passes fails a run of unittest, "FAILED (unexpected
# successes=1)", exit code 1, and of pytest; nose2 says "OK (unexpected successes=1)" with exit code 0, and its JUnit
# report has it as <skipped message="test passes unexpectedly">. One would guess that a runner for unittest's tests, on
# top of its TestCase, judges as unittest does since Python 3.4, or that what ran and passed is not "skipped". A fault
# that was mended, or a check that no longer checks, is never told; counts of skipped tests rise. Seen with nose2
# 0.12.0, pytest 7.2.1 and Python 3.11 (Debian 12).
# Needs apt-get; installs Debian's packages python3-nose2 and python3-pytest where they are missing. Exits non-zero
# where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import nose2, pytest' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-nose2 python3-pytest >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export LC_ALL=C.UTF-8
/usr/bin/python3 -c 'from importlib.metadata import version; print("nose2", version("nose2"), "pytest", version("pytest"))'
cat >test_archive.py <<'PY'
import unittest


class Archive(unittest.TestCase):
    @unittest.expectedFailure
    def test_empty_archive(self):
        self.assertEqual(1 + 1, 2)
PY
run() { # MODULE ARGUMENT...
    /usr/bin/python3 -m "$@" >run.txt 2>&1 && code=0 || code=$?
    printf '%s: exit code %s: %s\n' "$1" "$code" "$(grep -E '^(OK|FAILED)|failed' run.txt | tail -n 1)"
}
run unittest test_archive
[ "$code" -eq 1 ]
run pytest -q test_archive.py
[ "$code" -eq 1 ]
run nose2 --plugin nose2.plugins.junitxml --junit-xml test_archive
[ "$code" -eq 0 ]
grep -E '<testsuite|<skipped' nose2-junit.xml
grep -q 'failures="0" skipped="1" tests="1"' nose2-junit.xml
