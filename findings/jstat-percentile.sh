#!/bin/sh
# jStat.percentile does not interpolate in the last gap: what should lie between the last but one value and the greatest is
# the last but one. Of 1, 2 and 100 the 90th percentile is 2, where the rule that it follows elsewhere (R's type 7) has
# 80.4; of ten values the 90th, 95th and 99th are one number. One would guess what R says. The tail of durations (p95 of a
# test, of the time to a first answer) is a fraction of what it is, wherever values are few or the slowest is far out.
# Seen with jstat 1.9.6; simple-statistics 7.12.1 interpolates.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts jstat@1.9.6 simple-statistics@7.12.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >percentiles.cjs <<'JS'
const { jStat } = require("jstat");
const simple = require("simple-statistics");
const version = (name) => JSON.parse(require("node:fs").readFileSync(`node_modules/${name}/package.json`)).version;
for (const name of ["jstat", "simple-statistics"]) console.log(name, version(name));
const type7 = (values, p) => {
  const place = p * (values.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, values.length - 1);
  return values[below] + (place - below) * (values[above] - values[below]);
};
let same = true;
for (const [values, p, expected] of [
  [[1, 2, 100], 0.25, 1.5],
  [[1, 2, 100], 0.9, 2],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 1000], 0.9, 9],
  [[1, 2, 3, 4, 5, 6, 7, 8, 9, 1000], 0.99, 9],
]) {
  const seen = jStat.percentile(values, p);
  console.log(`p${100 * p} of ${values}: jStat ${seen}, type 7 ${type7(values, p).toFixed(2)}, simple-statistics ${simple.quantile(values, p).toFixed(2)}`);
  same &&= Math.abs(seen - expected) < 1e-9;
}
process.exit(same ? 0 : 1);
JS
node percentiles.cjs
