#!/bin/sh
# Three readers of calendars give three schedules for one rule. FREQ=MONTHLY from the 31st of January skips, by RFC 5545,
# months without a 31st, as rrule and ical.js have it; node-ical goes to 28 February, and stays at the 28th for ever. FREQ=
# YEARLY from 29 February is every four years to rrule, 28 February to node-ical, 1 March to ical.js. The RFC's own examples
# BYDAY=20MO, the 20th Monday of a year, and BYWEEKNO=20 are each Monday to ical.js. One would guess that libraries for a
# standard agree on the standard's examples. A freeze at the end of each month, or a release "every third month on the 31st",
# is on another day, or on many, by who reads it. Seen with node-ical 0.26.1, ical.js 2.2.1 and rrule 2.8.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts node-ical@0.26.1 ical.js@2.2.1 rrule@2.8.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import ICAL from "ical.js";
import ical from "node-ical";
import rrule from "rrule";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(["node-ical", "ical.js", "rrule"].map(version).join(", "));
const readers = {
  rrule: (start, rule) => rrule.rrulestr(`DTSTART:${start}\nRRULE:${rule}`).all().map((date) => date.toISOString()),
  "node-ical": (start, rule) => {
    const event = ["BEGIN:VCALENDAR", "BEGIN:VEVENT", "UID:1", `DTSTART:${start}`, `RRULE:${rule}`, "END:VEVENT", "END:VCALENDAR", ""];
    const [found] = Object.values(ical.sync.parseICS(event.join("\r\n"))).filter(({ type }) => type === "VEVENT");
    return found.rrule.all().map((date) => date.toISOString());
  },
  "ical.js": (start, rule) => {
    const [, year, month, day] = start.match(/^(....)(..)(..)/);
    const dates = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromString(`${year}-${month}-${day}T09:00:00Z`));
    const found = [];
    for (let date; (date = dates.next()); ) found.push(date.toString());
    return found;
  },
};
let same = true;
for (const [start, rule, expected] of [
  ["20260131T090000Z", "FREQ=MONTHLY;COUNT=4", ["01-31 03-31 05-31 07-31", "01-31 02-28 03-28 04-28", "01-31 03-31 05-31 07-31"]],
  ["20240229T090000Z", "FREQ=YEARLY;COUNT=3", ["02-29 02-29 02-29", "02-29 02-28 02-28", "02-29 03-01 03-01"]],
  ["19970519T090000Z", "FREQ=YEARLY;BYDAY=20MO;COUNT=3", ["05-19 05-18 05-17", "05-19 05-18 05-17", "05-19 05-26 06-02"]],
  ["19970512T090000Z", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO;COUNT=3", ["05-12 05-11 05-17", "05-12 05-11 05-17", "05-19 05-26 06-02"]],
]) {
  console.log(`DTSTART:${start} RRULE:${rule}`);
  Object.entries(readers).forEach(([name, read], index) => {
    const dates = read(start, rule).map((date) => date.slice(0, 10));
    console.log(`  ${name}: ${dates.join(" ")}`);
    same &&= dates.map((date) => date.slice(5)).join(" ") === expected[index];
  });
}
process.exit(same ? 0 : 1);
JS
TZ=UTC node show.mjs
