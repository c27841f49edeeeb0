#!/bin/sh
# In a chart by month, by Vega-Lite, all that happened on the first of a month stands in the month before, for whoever
# looks at it west of Greenwich: "2026-01-01" is midnight of Greenwich to it, and timeUnit "yearmonth" asks for the
# month on the clock of the reader's machine, which is New Year's Eve in New York. A build in UTC has 2 commits in
# January and 1 in February, a reader in New York sees 1 in December, 2 in January and none in February. One would guess
# that a day without a time is that day for everybody. A report that was looked through in Europe has, in America, a
# month more, whose bar is the releases and monthly counts that are dated the first, that is all of them; by week it is
# each Sunday. timeUnit "utcyearmonth" keeps months. Seen with vega-lite 6.4.3 and vega 6.4.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts vega-lite@6.4.3 vega@6.4.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import * as vega from 'vega';
import { compile } from 'vega-lite';

const months = async (timeUnit) => {
  const values = ['2026-01-01', '2026-01-15', '2026-02-01'].map((day) => ({ day }));
  const { spec } = compile({
    data: { values }, mark: 'bar', encoding: { x: { timeUnit, field: 'day', type: 'temporal' }, y: { aggregate: 'count' } },
  });
  const view = await new vega.View(vega.parse(spec), { renderer: 'none' }).runAsync();
  const name = (date) => (timeUnit.startsWith('utc') ? date.toISOString().slice(0, 7)
    : `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, '0')}`);
  return view.data(spec.data.at(-1).name).map((row) => `${name(new Date(row[timeUnit + '_day']))}: ${row.__count}`).join(', ');
};
console.log(await months('yearmonth'), '|', await months('utcyearmonth'));
JS
node -p "['vega-lite', 'vega'].map((name) => name + ' ' + JSON.parse(require('fs').readFileSync('node_modules/' + name + '/package.json')).version).join(', ')"
for zone in UTC Europe/Berlin America/New_York; do
    TZ=$zone node show.mjs >"$(basename $zone).txt"
    echo "$zone: $(cat "$(basename $zone).txt")"
done
[ "$(cat UTC.txt)" = '2026-01: 2, 2026-02: 1 | 2026-01: 2, 2026-02: 1' ] && [ "$(cat Berlin.txt)" = "$(cat UTC.txt)" ] &&
    [ "$(cat New_York.txt)" = '2025-12: 1, 2026-01: 2 | 2026-01: 2, 2026-02: 1' ]
