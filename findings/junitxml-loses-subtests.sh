#!/bin/sh
# A test of Python's unittest of which one subTest failed is not in the report that python3-junitxml writes: neither as a
# failure nor as a pass. Its JUnitXmlResult knows nothing of subtests, so the failure of a part goes to the base class
# alone, and for such a test unittest calls no addSuccess. The suite's totals count the failure. One would guess that a
# test that makes the run red is in its report. Seen with python3-junitxml 0.7 and Python 3.11.
# Needs Debian's python3-junitxml. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
dpkg-query -W -f '${Package} ${Version}\n' python3-junitxml
cat >calc.py <<'PY'
import sys, unittest, junitxml

class Calc(unittest.TestCase):
    def test_adds(self):
        self.assertEqual(1 + 2, 3)
    def test_halves(self):
        for number, half in ((2, 1), (3, 2)):
            with self.subTest(number=number):
                self.assertEqual(number / 2, half)

result = junitxml.JUnitXmlResult(sys.stdout)
result.startTestRun()
unittest.defaultTestLoader.loadTestsFromTestCase(Calc).run(result)
result.stopTestRun()
print("failures of the run: %d" % len(result.failures), file=sys.stderr)
PY
/usr/bin/python3 calc.py >report.xml 2>counted.txt
cat report.xml counted.txt
grep -q 'failures of the run: 1' counted.txt && grep -q 'failures="1"' report.xml && grep -q 'name="test_adds"' report.xml &&
    ! grep -q 'test_halves\|<failure' report.xml
