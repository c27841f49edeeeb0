#!/bin/sh
# Tests that stand at the top of a file, which is how node:test's own manual writes them, get lost on the way: in `node
# --test`'s JUnit report they are in no <testsuite>, and readers look into suites alone. Of four tests, a failed one at the
# top among them, junit-to-ctrf finds two, both passed, test-results-parser the same two, and PASS; Python's junitparser has
# two, and junit-report-merger's totals say tests="2" failures="0" above all four. Of a file without describe() there is
# nothing. One would guess that a report by Node is read by what is made for reports. A bot that comments, or a gate, on
# what these make is green with a failed test. describe() around all of them helps. Seen with node 20.20, junit-to-ctrf
# 0.0.14, test-results-parser 0.4.6, junit-report-merger 9.0.4 and junitparser 2.8.0 (Debian 12).
# Needs node, npm, python3 and apt-get; fetches these packages, unpacks Debian's, installs nothing. Exits non-zero where
# they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts junit-to-ctrf@0.0.14 test-results-parser@0.4.6 junit-report-merger@9.0.4 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-junitparser python3-future >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
mkdir tests
cat >tests/reader.test.mjs <<'JS'
import { describe, it, test } from "node:test";
test("stops at the end", () => { throw new Error("it did not"); });
test("reads", () => {});
describe("archives", () => {
  it("opens", () => {});
  it("closes", () => {});
});
JS
node --test --test-reporter=junit tests >report.xml && code=0 || code=$?
printf 'node %s: exit code %s, %s\n' "$(node --version)" "$code" "$(grep -o '<!-- [pf]a[a-z]* [0-9]* -->' report.xml | tr '\n' ' ')"
node_modules/.bin/junit-to-ctrf report.xml -o ctrf.json >/dev/null 2>&1
node_modules/.bin/jrm merged.xml report.xml >/dev/null
cat >show.cjs <<'JS'
const fs = require("node:fs");
const { summary } = JSON.parse(fs.readFileSync("ctrf.json")).results;
console.log(`junit-to-ctrf: tests ${summary.tests}, failed ${summary.failed}`);
const found = require("test-results-parser").parse({ type: "junit", files: ["report.xml"] });
console.log(`test-results-parser: total ${found.total}, failed ${found.failed}, ${found.status}`);
const merged = fs.readFileSync("merged.xml", "utf8");
const totals = merged.match(/<testsuites[^>]*>/)[0];
console.log(`junit-report-merger: ${totals} above ${merged.match(/<testcase /g).length} test cases`);
process.exit(
  summary.tests === 2 && summary.failed === 0 && found.total === 2 && found.failed === 0 && found.status === "PASS" &&
    totals.includes('tests="2" failures="0"') && merged.match(/<testcase /g).length === 4 ? 0 : 1);
JS
node show.cjs
PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 - <<'PY'
import sys

import junitparser

report = junitparser.JUnitXml.fromfile("report.xml")
report.update_statistics()
print("junitparser", junitparser.version, "tests", report.tests, "failures", report.failures)
sys.exit(0 if report.tests == 2 and report.failures == 0 else 1)
PY
[ "$code" -eq 1 ]
