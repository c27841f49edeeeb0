#!/bin/sh
# npm's regression rounds what it finds to two digits after the point, slopes included: of builds that take 4 ms more
# with each one, in seconds 10.001, 10.005, 10.009 and so on, linear() says "y = 0x + 10.2" and an r2 of nought for a
# hundred that lie on a line; in milliseconds it has 4. What it predicts comes from the rounded slope. One would guess
# digits that count from the first one that is not 0, or a number as it is with rounding in the text for people. Slow
# growth is none, however many builds there are: after a thousand of them a forecast is off by four seconds of fourteen.
# A higher precision: finds it. Seen with regression 2.0.1; simple-statistics 7.12.1 has 0.004.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts regression@2.0.1 simple-statistics@7.12.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.js <<'JS'
const found = require('regression');
const regression = found.linear ? found : found.default;
const statistics = require('simple-statistics');
const builds = Array.from({ length: 100 }, (_, at) => [at + 1, 10.001 + 0.004 * at]);
const fit = regression.linear(builds);
const inMilliseconds = regression.linear(builds.map(([number, seconds]) => [number, seconds * 1000]));
const precise = regression.linear(builds, { precision: 6 });
const line = statistics.linearRegression(builds);
console.log('regression', JSON.parse(require('fs').readFileSync('node_modules/regression/package.json')).version);
console.log('seconds:', fit.string, 'r2', fit.r2, 'build 1000:', fit.predict(1000)[1]);
console.log('milliseconds:', inMilliseconds.string, '| precision 6:', precise.string, '| simple-statistics:', line.m.toFixed(4));
process.exit(
  fit.equation[0] === 0 && fit.r2 < 0.1 && fit.predict(1000)[1] < 11 && inMilliseconds.equation[0] === 4 &&
  precise.equation[0] === 0.004 && Math.abs(line.m - 0.004) < 1e-9 ? 0 : 1);
JS
node show.js
