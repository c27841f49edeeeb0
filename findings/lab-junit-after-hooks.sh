#!/bin/sh
# In the JUnit report of @hapi/lab a test that passed is there twice, and failed both times, once an `after` of its
# group throws: "writes", which did all that it should, has two <testcase>, each with an empty <failure message=""
# type="">, and so has a test behind a `before` that threw, once. What the hook said is nowhere in the file, and a run
# of three tests has tests="4" failures="2" errors="2". One would guess one entry a test, and the hook's own words. Of
# what failed one learns where not to look. Seen with @hapi/lab 26.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @hapi/lab@26.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >tests.js <<'JS'
const { describe, it, before, after } = (exports.lab = require("@hapi/lab").script());
describe("plain", () => { it("adds", () => {}); });
describe("reader", () => { before(() => { throw new Error("no such folder"); }); it("reads", () => {}); });
describe("writer", () => { after(() => { throw new Error("cannot remove folder"); }); it("writes", () => {}); });
JS
node_modules/.bin/lab -l tests.js -r junit -o report.xml >out.txt 2>&1 && code=0 || code=$?
grep -E '<(testsuite|testcase|failure)' report.xml
printf 'exit code %s\n' "$code"
[ "$code" -ne 0 ] && [ "$(grep -c '<testcase.*name="writes"' report.xml)" -eq 2 ] && [ "$(grep -c '<failure message="" type="">' report.xml)" -eq 3 ] &&
    ! grep -qE 'no such folder|cannot remove' report.xml && grep -q '<testsuites tests="4" errors="2" failures="2"' report.xml
