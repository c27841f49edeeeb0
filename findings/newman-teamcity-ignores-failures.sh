#!/bin/sh
# TeamCity's messages of newman-reporter-teamcity tell of requests, and one skip turns a request's failures into an
# ignored test: of a request with an assertion that failed and one that was skipped behind it nothing but testIgnored is
# written, and of a request whose script threw nothing but testStarted and testFinished, which is a pass. newman counts
# both failures and leaves with 1; the messages alone are green. One would guess testFailed for a request of which
# anything failed. Readers of such logs, and TeamCity itself, show no failed test.
# Seen with newman-reporter-teamcity 0.1.13 and newman 6.2.2, and a server of our own.
# Needs node and npm; fetches those packages. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts --legacy-peer-deps newman@6.2.2 newman-reporter-teamcity@0.1.13 >npm.log 2>&1 ||
  { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { createServer } = require("node:http");
const newman = require("newman");
const lines = [];
const log = console.log;
console.log = (...words) => lines.push(words.join(" "));
const server = createServer((_, answer) => answer.end("{}")).listen(0, "127.0.0.1", () => {
  const url = `http://127.0.0.1:${server.address().port}/`;
  const schema = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";
  const request = { method: "GET", url };
  const test = (exec) => [{ listen: "test", script: { exec: [exec] } }];
  const item = [
    { name: "fails", request, event: test("pm.test('is so', () => { pm.expect(1).to.equal(2); });") },
    { name: "fails, then skips", request, event: test("pm.test('is so', () => { pm.expect(1).to.equal(2); }); pm.test.skip('later', () => {});") },
    { name: "throws", request, event: test("missing();") },
  ];
  newman.run({ collection: { info: { name: "api", schema }, item }, reporters: ["teamcity"] }, (error, summary) => {
    server.close();
    const messages = lines.map((line) => line.match(/##teamcity\[(test\w+) name='([^']*)'/)).filter(Boolean);
    const of = (name) => messages.filter((one) => one[2] === name).map((one) => one[1]).join(" ");
    log("newman's failures:", summary.run.failures.length);
    for (const { name } of item) log(`${name}: ${of(name)}`);
    const same =
      of("fails") === "testStarted testFailed testFinished" &&
      of("fails, then skips") === "testStarted testIgnored testFinished" &&
      of("throws") === "testStarted testFinished";
    process.exit(!error && summary.run.failures.length === 3 && same ? 0 : 1);
  });
});
JS
node show.cjs
# Output seen:
# newman's failures: 3
# fails: testStarted testFailed testFinished
# fails, then skips: testStarted testIgnored testFinished
# throws: testStarted testFinished
