#!/bin/sh
# human-interval, by which schedulers and bots read settings such as "3 days", takes "an hour" and "half an hour" for 0
# milliseconds: what stands before a unit and is no number that it knows counts as 0. "one and a half hours" is one hour
# since "and" is left out, "1 1/2 hours" and "1,5 hours" too, and "5 working days" are five days. One would guess NaN,
# as it answers where it knows no unit, or 3600000, which is its answer to "hour" and "one hour". A bot that closes
# issues which were silent for "a month" closes all of them at once. Seen with human-interval 2.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts human-interval@2.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'human-interval %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/human-interval/package.json')).version")"
cat >read.cjs <<'JS'
const humanInterval = require("human-interval");
let same = true;
for (const [text, hours] of [
  ["hour", 1],
  ["one hour", 1],
  ["24h", NaN],
  ["an hour", 0],
  ["half an hour", 0],
  ["a month", 0],
  ["one and a half hours", 1],
  ["1 1/2 hours", 1],
  ["1,5 hours", 1],
  ["1.5 hours", 1.5],
]) {
  const found = humanInterval(text) / 3600000;
  console.log(`"${text}" is ${found} h`);
  same &&= Object.is(found, hours);
}
process.exit(same ? 0 : 1);
JS
node read.cjs
