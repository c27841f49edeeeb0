#!/bin/sh
# "I will look at it by friday", written on Monday, 5 January, is Friday the 2nd to chrono-node, which has passed;
# written on any other day of that week it is the 9th, on Sunday, too, when that has passed: a day of the week alone is
# the nearest one, before or behind. "next friday" is the 16th on each of the seven days. One would guess the next
# Friday to come. Bots that read promises and "remind me on friday" remind at once, and only of what was said at an end
# of a week. The option forwardDate gives 9 and, from Saturday on, 16. Seen with chrono-node 2.10.3.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts chrono-node@2.10.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import * as chrono from "chrono-node";
const said = [5, 6, 7, 8, 9, 10, 11].map((day) => new Date(Date.UTC(2026, 0, day, 10)));
const days = (text, options) => said.map((at) => chrono.parseDate(text, at, options).getUTCDate()).join();
const found = [days("I will look at it by friday"), days("next friday"), days("friday", { forwardDate: true })];
console.log("said on Monday to Sunday, 5 to 11 January:", { "by friday": found[0], "next friday": found[1], "friday, forwardDate": found[2] });
process.exit(found[0] === "2,9,9,9,9,9,9" && found[1] === "16,16,16,16,16,16,16" && found[2] === "9,9,9,9,9,16,16" ? 0 : 1);
JS
TZ=UTC node show.mjs
