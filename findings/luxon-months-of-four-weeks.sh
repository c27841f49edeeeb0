#!/bin/sh
# luxon's months have four weeks, or thirty days, by the unit that is asked for: Duration.fromObject({ months: 3 }) is
# 12 weeks and 90 days, and a year is 52 weeks, or 12 months, or 365 days, so "P1Y" as months as weeks is 48. date-fns'
# milliseconds() has 30.44 days a month. One would guess that weeks times seven are days. A support window or a limit
# for stale issues that a file gives as "P3M" ends six days earlier where a bot counts in weeks than where it counts in
# days, and sums over a year's twelve months lack four weeks. A difference of two dates is true, and conversionAccuracy:
# "longterm" near. Seen with luxon 3.7.2 and date-fns 4.4.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts luxon@3.7.2 date-fns@4.4.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { milliseconds } from "date-fns";
import { Duration } from "luxon";

for (const name of ["luxon", "date-fns"]) console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const quarter = Duration.fromISO("P3M");
const year = Duration.fromISO("P1Y");
const longterm = Duration.fromISO("P3M", { conversionAccuracy: "longterm" });
const byMonths = Duration.fromObject({ months: year.as("months") }).as("weeks");
console.log(`P3M: ${quarter.as("weeks")} weeks, ${quarter.as("days")} days; longterm ${longterm.as("weeks")} weeks, ${longterm.as("days")} days`);
console.log(`P1Y: ${year.as("weeks")} weeks, ${year.as("days")} days, ${year.as("months")} months, which are ${byMonths} weeks`);
console.log(`date-fns: 3 months are ${milliseconds({ months: 3 }) / 864e5} days`);
const same = quarter.as("weeks") === 12 && quarter.as("days") === 90 && year.as("weeks") === 52 && year.as("days") === 365 && byMonths === 48;
process.exit(same ? 0 : 1);
JS
node show.mjs
