#!/bin/sh
# Five libraries for Node give two meanings to a schedule that has both a day of the month and a day of the week: for
# cron-parser, croner and cron "0 3 1-7 * 1" is the first seven days of a month and every Monday as well, as cron's
# manual has it; for node-cron and later it is the first Monday of the month. And "0 3 * * 7", a Sunday to the four
# others, is a Saturday to later. One would guess that five readers of one line agree. A bot that tells when a scheduled
# build comes next, or whether one is overdue, is off by weeks, or by a day. Seen with cron-parser 5.10.6, croner
# 11.0.1, cron 4.4.0, node-cron 4.6.0 and later 1.2.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts cron-parser@5.10.6 croner@11.0.1 cron@4.4.0 node-cron@4.6.0 later@1.2.0 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >next.cjs <<'JS'
const { CronExpressionParser } = require("cron-parser");
const { Cron } = require("croner");
const { CronTime } = require("cron");
const { createTask } = require("node-cron");
const later = require("later");
const libraries = { // each answers whether the schedule fires at 3 o'clock (UTC) on a day of January 2027
  "cron-parser": (line, at) => +CronExpressionParser.parse(line, { currentDate: new Date(at - 1000), tz: "UTC" }).next().toDate() === at,
  croner: (line, at) => +new Cron(line, { timezone: "UTC" }).nextRun(new Date(at - 1000)) === at,
  cron: (line, at) => +new CronTime(line, "UTC").getNextDateFrom(new Date(at - 1000), "UTC") === at,
  "node-cron": (line, at) => createTask(line, () => {}, { timezone: "UTC" }).match(new Date(at)),
  later: (line, at) => later.schedule(later.parse.cron(line)).isValid(new Date(at)),
};
let found = "";
for (const line of ["0 3 1-7 * 1", "0 3 * * 7"]) {
  console.log(line, "at 3 o'clock on these days of January 2027, which begins on a Friday:");
  for (const [name, fires] of Object.entries(libraries)) {
    const days = [...Array(14).keys()].map((day) => day + 1).filter((day) => fires(line, Date.UTC(2027, 0, day, 3)));
    const { version } = JSON.parse(require("node:fs").readFileSync(`node_modules/${name}/package.json`));
    console.log(`  ${name} ${version}:`, days.join());
    found += `${days.join()};`;
  }
}
const either = "1,2,3,4,5,6,7,11;";
process.exit(found === either + either + either + "4;4;" + "3,10;".repeat(4) + "2,9;" ? 0 : 1);
JS
TZ=UTC node next.cjs
