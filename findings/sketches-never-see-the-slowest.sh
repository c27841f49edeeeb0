#!/bin/sh
# The 99th percentile of ten times, 1 to 10 seconds, is 9 s to DDSketch (@datadog/sketches-js), 8.94 with its error of
# one percent, and so are the 95th and the 90th; of 1, 2, 3 and 100 it is 3. It takes the value at the rank 0.99 (n -
# 1), cut down, and so, of however few values, never the slowest; by the nearest rank, as percentile has it, it is the
# slowest of up to a hundred. One would guess that, or something between the last two. A test with twenty runs, or a
# service with a few calls a minute, never shows the one that took a minute, whatever percentile is asked for, but for
# 1. Seen with @datadog/sketches-js 2.1.1 and percentile 1.6.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @datadog/sketches-js@2.1.1 percentile@1.6.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { DDSketch } = require("@datadog/sketches-js");
const percentile = require("percentile");
const sketched = (values, share) => {
  const sketch = new DDSketch();
  values.forEach((value) => sketch.accept(value));
  return +sketch.getValueAtQuantile(share).toFixed(2);
};
const count = (n) => Array.from({ length: n }, (_, i) => i + 1);
const found = [0.9, 0.95, 0.99, 1].map((share) => sketched(count(10), share));
const four = sketched([1, 2, 3, 100], 0.99);
const slow = (n) => sketched([...Array(n - 1).fill(1), 60], 0.99);
console.log("1 to 10, 90th, 95th and 99th percentile and the greatest:", found.join(", "), "percentile, 99th:", percentile(99, count(10)));
console.log("1, 2, 3 and 100, 99th:", four, "percentile:", percentile(99, [1, 2, 3, 100]));
console.log("a minute among 20 values and among 100, 99th:", slow(20), slow(100));
const near = (value, expected) => Math.abs(value / expected - 1) < 0.011;
const ok = found.slice(0, 3).every((value) => near(value, 9)) && near(found[3], 10) && near(four, 3) && near(slow(20), 1) && near(slow(100), 1) && percentile(99, count(10)) === 10;
process.exit(ok ? 0 : 1);
JS
node show.cjs
