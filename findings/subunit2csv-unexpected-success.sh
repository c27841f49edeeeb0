#!/bin/sh
# subunit2csv writes a test that passed though it was expected to fail as "success", in a run that is red for it: the
# stream says uxsuccess, unittest's exit code is 1, and the table has nothing but successes, so that nothing in it tells
# why the run failed. An expected failure has a word of its own (xfail); one would guess that its counterpart has one,
# too. An error has lost its name as well: "failure". Seen with python-subunit 1.4.0, testtools 2.5.0 (Debian 12), Python 3.11.
# Needs python3 and apt-get; unpacks Debian's packages, installs nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-subunit subunit python3-testtools python3-fixtures python3-iso8601 \
    python3-pbr python3-extras python3-six >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
ls python3-subunit*.deb python3-testtools*.deb
export PYTHONPATH="$folder/root/usr/lib/python3/dist-packages:$folder"
cat >tests.py <<'PY'
import unittest


class Archive(unittest.TestCase):
    @unittest.expectedFailure
    def test_known_wrong(self):
        self.fail()

    @unittest.expectedFailure
    def test_mended(self):
        pass

    def test_throws(self):
        raise OSError("no disk")
PY
/usr/bin/python3 -m unittest tests >unittest.txt 2>&1 && code=0 || code=$?
tail -1 unittest.txt
/usr/bin/python3 -m subunit.run tests >stream || true
/usr/bin/python3 root/usr/bin/subunit2csv <stream | cut -d, -f1,2 | tee table.csv
printf 'unittest: exit code %s; of the stream: %s\n' "$code" "$(grep -c . table.csv) lines"
[ "$code" -eq 1 ] && grep -q 'unexpected successes=1' unittest.txt
grep -qx 'tests.Archive.test_mended,success' table.csv
grep -qx 'tests.Archive.test_known_wrong,xfail' table.csv
grep -qx 'tests.Archive.test_throws,failure' table.csv
