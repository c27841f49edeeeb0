#!/bin/sh
# Two libraries for Node that read lengths of time take "P3M", ISO 8601's three months, for three minutes, and "1M" for
# one: parse-duration and timestring look for numbers with letters anywhere, in any case of letters, and leave out the
# P. "PT3H" is right in both, so is "P3D"; "P1Y2M10D" is a year, two minutes and ten days. What has no known unit is 0
# to parse-duration ("2 quarters"), "1:30" is a second, and a minus is left out by timestring: -1d is a day. Nothing is
# thrown. One would guess months, as date-fns and luxon, or the standard, have them, or an error. Windows of support,
# and limits after which issues are stale, stand as P3M in calendars, in policies and in configurations of bots: they
# have ended three minutes later. Seen with parse-duration 2.1.9 and timestring 7.0.0; luxon 3.7.2 reads them.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts parse-duration@2.1.9 timestring@7.0.0 luxon@3.7.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from 'node:fs';
import parse from 'parse-duration';
import timestring from 'timestring';
import { Duration } from 'luxon';

for (const name of ['parse-duration', 'timestring', 'luxon'])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const minutes = (read) => (text) => { try { return read(text); } catch { return 'throws'; } };
const first = minutes((text) => Math.round(parse(text) / 600) / 100);
const second = minutes((text) => timestring(text, 'm'));
for (const text of ['P3M', '1M', 'PT3H', 'P3D', 'P1Y2M10D', '3 months', '2 quarters', '1:30', '-1d'])
  console.log(text.padEnd(12), 'in minutes:', first(text), 'and', second(text));
const days = Duration.fromISO('P3M').as('days');
console.log('luxon: P3M is', days, 'days');
process.exit(
  first('P3M') === 3 && second('P3M') === 3 && first('1M') === 1 && second('1M') === 1 && first('PT3H') === 180 &&
  second('P3D') === 4320 && first('P3D') === 4320 && first('2 quarters') === 0 && first('1:30') < 1 && second('-1d') === 1440 &&
  first('3 months') > 130000 && days > 80 ? 0 : 1);
JS
node show.mjs
