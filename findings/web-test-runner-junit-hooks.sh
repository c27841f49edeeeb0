#!/bin/sh
# In Web Test Runner's JUnit report a test behind a `before` that threw is a test case without a failure, as a pass is, and
# its totals count it as a test that did not fail; a test file that could not be imported is not in the report at all. The
# run is red by both, and the report is green. One would guess that what its console shows with a cross stands in
# the report as well, or at least that tests that never ran are skipped. Seen with @web/test-runner-junit-reporter 0.8.0.
# Needs node, npm and Debian's chromium; fetches these packages. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"
command -v chromium >/dev/null || { echo 'chromium is not there'; exit 1; }
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @web/test-runner@0.20.2 @web/test-runner-chrome@0.18.1 @web/test-runner-junit-reporter@0.8.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >hooks.test.js <<'JS'
describe("calc", () => {
  before(() => { throw new Error("no table of sums"); });
  it("adds", () => { if (1 + 2 !== 4) throw new Error("differs"); });
});
JS
echo "import './gone.js'; it('is loaded', () => {});" >import.test.js
cat >web-test-runner.config.mjs <<'JS'
import { chromeLauncher } from "@web/test-runner-chrome";
import { junitReporter } from "@web/test-runner-junit-reporter";
import { summaryReporter } from "@web/test-runner";
export default {
  files: "*.test.js",
  reporters: [summaryReporter(), junitReporter({ outputPath: "junit.xml", reportLogs: false })],
  browsers: [chromeLauncher({ launchOptions: { executablePath: "/usr/bin/chromium", args: ["--no-sandbox", "--headless"] } })],
};
JS
timeout 120 node_modules/.bin/wtr >log.txt 2>&1 </dev/null && code=0 || code=$?
cat junit.xml
printf 'exit code of the run: %s\n' "$code"
[ "$code" -eq 1 ] && grep -q '<testcase name="adds"[^>]*/>' junit.xml && ! grep -q '<failure\|<error\|<skipped' junit.xml &&
    ! grep -q 'import.test.js' junit.xml
