#!/bin/sh
# A JUnit report with one test case is of another shape, to what makes objects of XML, than one with two: Python's
# xmltodict and npm's fast-xml-parser make a list of elements only where there are several. So len(suite["testcase"]) of
# a suite with one test is 3, the number of its attributes, and a loop over it goes over their names; with
# fast-xml-parser, .length is undefined. fast-xml-parser also leaves out all attributes unless told, hence names and
# times, and makes the number 1.1 of a text "1.10". One would guess a list of test cases. A trend of tests jumps from 3
# to 2 as a suite gets a second test, and a package with one test is skipped by a loop. force_list=("testcase",), and
# isArray, make lists. Seen with xmltodict 0.13.0 (Debian 12) and fast-xml-parser 5.12.1.
# Needs node, npm and apt-get; fetches that package, and installs Debian's package python3-xmltodict where it is
# missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import xmltodict' 2>/dev/null || apt-get install -y --no-install-recommends python3-xmltodict >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts fast-xml-parser@5.12.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
case='<testcase name="reads" classname="io" time="0.1"><system-out>1.10</system-out></testcase>'
echo "<testsuite name=\"io\" tests=\"1\">$(echo "$case" | sed 's/<system-out>.*out>//')</testsuite>" >one.xml
echo "<testsuite name=\"io\" tests=\"2\">$case$case</testsuite>" >two.xml
cat >show.py <<'PY'
import sys

import xmltodict

found = [xmltodict.parse(open(name).read())["testsuite"]["testcase"] for name in ("one.xml", "two.xml")]
for cases in found:
    print("xmltodict", xmltodict.__version__, type(cases).__name__, len(cases), [str(case) for case in cases][:1])
sys.exit(0 if [len(cases) for cases in found] == [3, 2] and list(found[0])[0] == "@name" else 1)
PY
/usr/bin/python3 show.py
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { XMLParser } from "fast-xml-parser";

console.log("fast-xml-parser", JSON.parse(readFileSync("node_modules/fast-xml-parser/package.json")).version);
const read = (name, options) => new XMLParser(options).parse(readFileSync(name, "utf8")).testsuite.testcase;
const [one, two] = ["one.xml", "two.xml"].map((name) => read(name, { ignoreAttributes: false }));
const plain = read("two.xml", {});
console.log("one:", one, "length", one.length);
console.log("two, by default:", plain);
const same = one.length === undefined && two.length === 2 && JSON.stringify(plain) === '[{"system-out":1.1},{"system-out":1.1}]';
process.exit(same ? 0 : 1);
JS
node show.mjs
