#!/bin/sh
# `node --test` escapes a quote in a test's name twice in its JUnit report: a test `says "yes"` is, to every reader of XML,
# one that is called `says &quot;yes&quot;`, and line breaks in a name are gone. "&" and "<" are right, and TAP has all as
# it is. One would guess that a name comes back as it was given. Who joins JUnit with TAP or with the source, or carries a
# test's history over from one reporter to the other, has two tests, and dashboards show the entity. Seen with node 20.20.
# Needs node and python3; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
node --version
cat >names.test.mjs <<'JS'
import test from "node:test";
test('says "yes" & <no>', () => {});
test("first line\nsecond line", () => {});
JS
node --test --test-reporter=junit names.test.mjs >report.xml
node --test --test-reporter=tap names.test.mjs >report.tap
grep '<testcase' report.xml
grep '^ok' report.tap
python3 - <<'PYTHON'
import sys, xml.etree.ElementTree as tree
names = [case.get("name") for case in tree.parse("report.xml").iter("testcase")]
print("names in the XML, read:", names)
sys.exit(names != ["says &quot;yes&quot; & <no>", "first linesecond line"])
PYTHON
grep -q '^ok 1 - says "yes" & <no>' report.tap
