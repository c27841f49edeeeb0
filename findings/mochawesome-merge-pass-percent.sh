#!/bin/sh
# Two reports of mochawesome with 50 % passed each are 33 % once mochawesome-merge has joined them: of a test that
# passed, one that failed and one that is pending mochawesome says passPercent 50, of the two that ran, and the merged
# file 33.3, of all six. And its duration is from the first beginning to the last end: of two runs of some milliseconds
# with two seconds between them, more than two seconds, be it that the second ran a day later. One would guess that the
# rate of equals is theirs, and that times add up. A project that splits its tests sees its rate fall and its tests get
# slow. Seen with mocha 12.0.3, mochawesome 8.1.1 and mochawesome-merge 4.4.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts mocha@12.0.3 mochawesome@8.1.1 mochawesome-merge@4.4.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
for name in reader writer; do
    cat >$name.js <<JS
describe("$name", () => { it("reads", () => {}); it("fails", () => { throw new Error("broken"); }); it.skip("later", () => {}); });
JS
    node_modules/.bin/mocha $name.js --reporter mochawesome --reporter-options "reportDir=.,reportFilename=$name,html=false" >/dev/null 2>&1 || true
    sleep 2
done
node_modules/.bin/mochawesome-merge reader.json writer.json >merged.json
node -e '
const [one, other, both] = ["reader", "writer", "merged"].map((name) => JSON.parse(require("fs").readFileSync(name + ".json")).stats);
for (const stats of [one, other, both])
  console.log(["tests", "passes", "failures", "pending", "passPercent", "duration"].map((key) => key + " " + stats[key]).join(", "));
process.exit(one.passPercent === 50 && other.passPercent === 50 && both.tests === 6 && both.passes === 2 && Math.round(both.passPercent) === 33 && both.duration > 2000 && one.duration + other.duration < 1000 ? 0 : 1);'
