#!/bin/sh
# vitest's reporter for the Common Test Report Format goes one level down: a describe inside of a describe stands as ONE
# test, and those in it are not in the report; they are missing from its totals, too. `retries` is how often a test might
# have been tried again, not how often it was, and a test that passed at its second try is no "flaky" one, though the
# format has a field for it. One would guess that each test that vitest ran stands in the report. Seen with
# vitest-ctrf-json-reporter 0.0.3 and vitest 2.1.9.
# Needs node and npm; fetches these packages. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
export TMPDIR="$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts vitest@2.1.9 vitest-ctrf-json-reporter@0.0.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >calc.test.js <<'JS'
import { describe, it, expect } from "vitest";
let tries = 0;
describe("calc", () => {
  it("adds", () => expect(1 + 2).toBe(3));
  it("is late at first", { retry: 5 }, () => expect(++tries).toBe(2));
  describe("of fractions", () => {
    it("adds halves", () => expect(0.5 + 0.5).toBe(1));
    it("adds tenths", () => expect(0.1 + 0.2).toBe(0.3));
    it("adds thirds", () => expect(1 / 3 + 2 / 3).toBe(1));
  });
});
JS
node_modules/.bin/vitest run --reporter=vitest-ctrf-json-reporter --reporter=json --outputFile.json=vitest.json >log.txt 2>&1 </dev/null || true
node -e '
const fs = require("fs");
const own = JSON.parse(fs.readFileSync("vitest.json")), results = JSON.parse(fs.readFileSync(fs.readdirSync(".").includes("ctrf") ? "ctrf/ctrf-report.json" : "vitest-ctrf/report.json")).results;
console.log("vitest ran " + own.numTotalTests + ", the report has " + results.summary.tests);
for (const test of results.tests) console.log(test.name + ": " + test.status + ", retries " + test.retries + ", flaky " + test.flaky);
' | tee out.txt
grep -q '^vitest ran 5, the report has 3$' out.txt && grep -q '^of fractions: failed' out.txt && ! grep -q 'tenths' out.txt &&
    grep -q '^is late at first: passed, retries 5, flaky undefined$' out.txt
