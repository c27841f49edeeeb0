#!/bin/sh
# hdr-histogram-js cuts what it is given to whole numbers: of calls that took 0.25, 0.5, 0.75, 0.9, 1.5 and 1.5 seconds
# it says a mean of 0.33 and a median of 0, while its greatest value is 1.5, as it was given. Asked for three
# significant digits, which is its own default, it keeps none of 0.25. Nothing is thrown or rounded. One would guess
# that significant digits are meant for numbers of any size, as for 0.000250 as well as for 250, or an error for what it
# cannot hold. performance.now() gives fractions of milliseconds, and most things of a benchmark, or a test's time in a
# report, take less than one unit of what they are written in: all are 0, and percentiles stand there in good order. In
# microseconds they are right. Seen with hdr-histogram-js 3.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts hdr-histogram-js@3.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const { build } = require("hdr-histogram-js");
console.log("hdr-histogram-js", JSON.parse(readFileSync("node_modules/hdr-histogram-js/package.json")).version);
const seconds = [0.25, 0.5, 0.75, 0.9, 1.5, 1.5];
const figures = (unit) => {
  const histogram = build({ numberOfSignificantValueDigits: 3 });
  for (const one of seconds) histogram.recordValue(one * unit);
  const at = (share) => histogram.getValueAtPercentile(share);
  return [histogram.mean, at(50), at(90), histogram.maxValue].map((one) => Math.round(one * 1000) / 1000);
};
const whole = figures(1);
const thousandths = figures(1000);
console.log("in seconds: mean, p50, p90, greatest", whole);
console.log("in milliseconds:", thousandths);
process.exit(whole.join() === "0.333,0,1,1.5" && thousandths.join() === "900,750,1500,1500" ? 0 : 1);
JS
node show.cjs
