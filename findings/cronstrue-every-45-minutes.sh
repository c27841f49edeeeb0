#!/bin/sh
# cronstrue, which says in words when a schedule runs, says "Every 45 minutes" of "*/45 * * * *", which runs at 0 and 45
# minutes past each hour, that is after 45 and after 15 minutes in turn; of "0 */5 * * *" it says "On the hour, every 5
# hours", where the last gap of a day is four, and of "0 */24 * * *" "every 24 hours". A step begins anew with each hour
# or day, as cron-parser's next times show. One would guess words for what happens, "at 0 and 45 minutes past the hour",
# since to check what one has written is what such a text is for. A nightly job of CI, a bot that looks every 45
# minutes, and the page that tells users when it comes are off by the half or more; */50 comes after 50 and 10 minutes.
# Seen with cronstrue 3.39.0 and cron-parser 5.10.6.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts cronstrue@3.39.0 cron-parser@5.10.6 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const cronstrue = require("cronstrue");
const { CronExpressionParser } = require("cron-parser");
console.log(version("cronstrue"), version("cron-parser"));
let same = true;
for (const [schedule, words, minutes] of [
  ["*/45 * * * *", "Every 45 minutes", "45,15,45,15"],
  ["*/50 * * * *", "Every 50 minutes", "50,10,50,10"],
  ["0 */5 * * *", "On the hour, every 5 hours", "300,300,300,300,240"],
  ["*/15 * * * *", "Every 15 minutes", "15,15,15,15"],
]) {
  const times = CronExpressionParser.parse(schedule, { currentDate: "2026-01-04T23:59:00Z", tz: "UTC" });
  const at = Array.from({ length: minutes.split(",").length + 1 }, () => times.next().getTime() / 60000);
  const gaps = at.slice(1).map((one, index) => one - at[index]);
  console.log(schedule, `"${cronstrue.toString(schedule)}"`, "gaps in minutes:", gaps.join());
  same &&= cronstrue.toString(schedule) === words && gaps.join() === minutes;
}
process.exit(same ? 0 : 1);
JS
node show.cjs
