#!/bin/sh
# zope.testrunner runs the tests of a class whose setUpClass throws, and passes them: it never calls setUpClass, nor
# tearDownClass, and says nothing. unittest calls them, so that the same file is red there. One would guess that a runner
# for unittest's classes keeps their fixtures, or refuses them. Tests that need what setUpClass makes fail for another
# reason, and those that do not are green without it. Seen with zope.testrunner 5.6 (Debian 12), Python 3.11.
# Needs python3 and apt-get; unpacks Debian's packages, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-zope.testrunner python3-zope.interface python3-zope.exceptions \
    python3-pkg-resources >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls python3-zope.testrunner*.deb
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages:$folder"
cat >tests.py <<'PY'
import unittest


class Archive(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        raise OSError("no disk")

    def test_is_read(self):
        pass
PY
/usr/bin/python3 -m unittest tests >unittest.txt 2>&1 && with_unittest=0 || with_unittest=$?
grep -E '^(ERROR|OSError|Ran|FAILED)' unittest.txt
/usr/bin/python3 -m zope.testrunner --path . -vv >zope.txt 2>&1 && with_zope=0 || with_zope=$?
grep -E 'test_is_read|Ran|rror' zope.txt
printf 'unittest: exit code %s, zope.testrunner: exit code %s\n' "$with_unittest" "$with_zope"
[ "$with_unittest" -eq 1 ] && [ "$with_zope" -eq 0 ] && grep -q 'Ran 1 tests with 0 failures, 0 errors' zope.txt
