#!/bin/sh
# tap-spec, given mocha's TAP, shows what passed and leaves out what failed: no name, no cross, no totals; only the
# stack traces stand there as if a test had printed them, and the exit status is 1. mocha writes a stack trace below
# "not ok 2 name" as indented lines, not as YAML, which TAP allows (any line that is no TAP is to be passed over). One
# would guess a cross with the name, as for a "not ok" without a trace or with YAML. Who keeps the pretty output of such
# a pipe as the log of a run has a log in which no test failed.
# Seen with tap-spec 5.0.0 and mocha 10.8.2.
# Needs node and npm; fetches those packages. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts mocha@10.8.2 tap-spec@5.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >calc.js <<'JS'
const assert = require("node:assert");
describe("calc", () => {
  it("adds", () => {});
  it("differs", () => assert.equal(1, 2));
  it("comes last", () => {});
});
JS
node_modules/.bin/mocha --reporter tap calc.js >mocha.tap 2>/dev/null || true
status=0
NO_COLOR=1 node_modules/.bin/tap-spec <mocha.tap >out.txt || status=$?
sed 's/\x1b\[[0-9;]*m//g' out.txt >plain.txt
echo "mocha: $(grep -c '^not ok' mocha.tap) not ok; tap-spec leaves with $status"
echo "names of tests in tap-spec's output: $(grep -oE 'calc (adds|differs|comes last)' plain.txt | tr '\n' ',')"
grep -q '^not ok 2 calc differs' mocha.tap
test "$status" = 1
grep -q 'calc adds' plain.txt
! grep -q 'calc differs' plain.txt
# Output seen:
# mocha: 1 not ok; tap-spec leaves with 1
# names of tests in tap-spec's output: calc adds,calc comes last,
