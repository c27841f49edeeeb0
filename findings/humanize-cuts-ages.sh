#!/bin/sh
# Python's humanize cuts ages, where libraries for Node round them: 47 hours are "a day", 60 days "a month", 364 days
# "11 months" to naturaldelta(), and "2 days", "2 months", "a year" to moment and dayjs; date-fns rounds as well. Sixty
# days and thirty-one read the same. One would guess the nearest, and that two parts of one tool, a bot in Python and a
# page in Node, say one age of one issue. "No answer for a month" is said of what waits for nearly two; a promise of
# "within a day" seems to hold for just under two. Seen with humanize 4.4.0 (Debian 12), moment 2.31.0, dayjs 1.11.23
# and date-fns 4.4.0.
# Needs node, npm and apt-get; fetches these packages, and unpacks Debian's package python3-humanize. Exits non-zero
# where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts moment@2.31.0 dayjs@1.11.23 date-fns@4.4.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
echo 'APT::Sandbox::User "root";' >apt.conf
APT_CONFIG="$folder/apt.conf" apt-get download python3-humanize >apt.log 2>&1 || { cat apt.log; exit 1; }
for file in *.deb; do dpkg -x "$file" root; done
PYTHONPATH="$folder/root/usr/lib/python3/dist-packages" /usr/bin/python3 -c '
import datetime, humanize
ages = [humanize.naturaldelta(datetime.timedelta(hours=hours)) for hours in (47, 31 * 24, 60 * 24, 364 * 24)]
print("humanize", humanize.__version__, ages)
raise SystemExit(0 if ages == ["a day", "a month", "a month", "11 months"] else 1)'
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { formatDistanceStrict } from "date-fns";
import dayjs from "dayjs";
import relativeTime from "dayjs/plugin/relativeTime.js";
import moment from "moment";

dayjs.extend(relativeTime);
const start = new Date(Date.UTC(2026, 0, 1));
const ages = { moment: [], dayjs: [], "date-fns": [] };
for (const hours of [47, 31 * 24, 60 * 24, 364 * 24]) {
    const end = new Date(start.getTime() + hours * 36e5);
    ages.moment.push(moment.duration(hours, "hours").humanize());
    ages.dayjs.push(dayjs(start).to(dayjs(end), true));
    ages["date-fns"].push(formatDistanceStrict(start, end));
}
for (const name of Object.keys(ages)) console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version, ages[name]);
const rounded = "2 days,a month,2 months,a year";
process.exit(ages.moment.join() === rounded && ages.dayjs.join() === rounded && ages["date-fns"][2] === "2 months" ? 0 : 1);
JS
TZ=UTC node show.mjs
