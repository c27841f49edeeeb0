#!/bin/sh
# lodash's mean() adds up what is there and divides by all that could be: of 10, undefined and 20 days, the second issue
# being open, it says 10, and meanBy(issues, "days") with a missing field the same. Of cells as they come from CSV it
# joins: mean of "10" and "20" is 510, "1020" by two; jStat's is 1005, "02010" by two. One would guess NaN, as Ramda
# says of the first, an error, as mathjs has, or 15, as stats-lite says of all. The more issues are open, the quicker a
# project answers by such a report, and there is no NaN to be seen; lodash's sum() and jStat's mean() of texts are a
# number that is merely large. Seen with lodash 4.18.1, jstat 1.9.6, stats-lite 2.2.0, mathjs 15.2.0 and ramda 0.32.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts lodash@4.18.1 jstat@1.9.6 stats-lite@2.2.0 mathjs@15.2.0 \
    ramda@0.32.0 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const means = {
  lodash: require("lodash").mean,
  jstat: require("jstat").jStat.mean,
  "stats-lite": require("stats-lite").mean,
  mathjs: require("mathjs").mean,
  ramda: require("ramda").mean,
};
const attempt = (work) => {
  try {
    return String(work());
  } catch {
    return "error";
  }
};
const lists = [[10, undefined, 20], [10, null, 20], ["10", "20"]];
const found = Object.entries(means).map(([name, mean]) => {
  const answers = lists.map((days) => attempt(() => mean(days))).join(" ");
  console.log(version(name), "of 10, undefined, 20; of 10, null, 20; of \"10\", \"20\":", answers);
  return answers;
});
const by = require("lodash").meanBy([{ days: 10 }, {}, { days: 20 }], "days");
console.log("lodash's meanBy, one without the field:", by);
const same = found.join() === "10 10 510,NaN 10 1005,15 15 15,error error 15,NaN 10 15";
process.exit(by === 10 && same ? 0 : 1);
JS
node show.cjs
