#!/bin/sh
# Bins of "seven days" begin anew with each month, in R's lubridate and in d3: floor_date(day, "7 days") and
# timeDay.every(7).floor(day) count from the first of the month, so January's last bin holds the 29th to the 31st, and
# each month but February of most years ends in one of two or three days. floor_date(day, "10 days") has one of a single
# day. pandas' resample("7D") goes on. One would guess bins of equal length, as the words say. In a chart of commits
# every fifth bar falls by half, and a mean "per seven days" is too low by a tenth. floor_date(day, "week") and timeWeek
# have weeks. Seen with lubridate 1.9.2, R 4.2.2, pandas 1.5.3 (Debian 12) and d3-time 3.1.0.
# Needs node, npm and apt-get; fetches that package, and installs Debian's packages r-base-core, r-cran-lubridate and
# python3-pandas where they are missing. Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(lubridate)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-lubridate >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts d3-time@3.1.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.R <<'R'
suppressMessages(library(lubridate))
cat("lubridate", as.character(packageVersion("lubridate")), R.version.string, "\n")
days <- as.Date("2026-01-01") + 0:41 # six weeks, a commit on each day
bins <- table(floor_date(days, "7 days"))
print(bins)
tens <- table(floor_date(days, "10 days"))
quit(status = if (identical(as.integer(bins), c(7L, 7L, 7L, 7L, 3L, 7L, 4L)) && tens[["2026-01-31"]] == 1) 0 else 1)
R
Rscript --vanilla show.R
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { utcDay } from "d3-time";

console.log("d3-time", JSON.parse(readFileSync("node_modules/d3-time/package.json")).version);
const first = new Date(Date.UTC(2026, 0, 1));
const bins = new Map();
for (const day of utcDay.range(first, utcDay.offset(first, 42))) {
    const name = utcDay.every(7).floor(day).toISOString().slice(0, 10);
    bins.set(name, (bins.get(name) ?? 0) + 1);
}
console.log([...bins].map((bin) => bin.join(" ")).join(", "));
process.exit([...bins.values()].join() === "7,7,7,7,3,7,4" ? 0 : 1);
JS
node show.mjs
/usr/bin/python3 -c '
import pandas
bins = pandas.Series(1, index=pandas.date_range("2026-01-01", periods=42)).resample("7D").sum()
print("pandas", pandas.__version__, list(bins))
raise SystemExit(0 if list(bins) == [7] * 6 else 1)'
