#!/bin/sh
# What was answered on the same day falls out of the usual bins: cut(days, c(0, 1, 7, 30)) in R, and cut() of pandas
# with the same edges, make of 0 days NA, as a bin has its upper edge and not its lower one; what is above the last edge
# as well. Counts by bin have no row for them, no warning, and shares add up to 100 without them. d3.bin() has the lower
# edge and, in its last bin, both, but leaves out what lies outside of a domain that was given. Of six issues, answered
# after 0, 0, 1, 3, 30 and 45 days, R and pandas count three, d3 five, in other bins. One would guess that a first bin
# from 0 holds the 0, or that counts of all add up to all. The best served issues and the worst are not in the report.
# include.lowest (R), include_lowest (pandas) and an edge of infinity take them in. Seen with R 4.2.2, pandas 1.5.3
# (Debian 12) and d3-array 3.2.5.
# Needs node, npm and apt-get; fetches that package, and installs Debian's packages r-base-core and python3-pandas where
# they are missing. Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'q()' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts d3-array@3.2.5 >npm.log 2>&1 || { cat npm.log; exit 1; }
Rscript --vanilla -e '
options(warn = 2)
counts <- table(cut(c(0, 0, 1, 3, 30, 45), c(0, 1, 7, 30)))
cat(R.version.string, "\n")
print(counts)
quit(status = if (identical(as.integer(counts), c(1L, 1L, 1L))) 0 else 1)'
/usr/bin/python3 -c '
import pandas
counts = pandas.cut([0, 0, 1, 3, 30, 45], [0, 1, 7, 30]).value_counts()
print("pandas", pandas.__version__, counts.to_string(), sep="\n")
raise SystemExit(0 if list(counts) == [1, 1, 1] else 1)'
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { bin } from "d3-array";

console.log("d3-array", JSON.parse(readFileSync("node_modules/d3-array/package.json")).version);
const counts = bin().domain([0, 30]).thresholds([1, 7])([0, 0, 1, 3, 30, 45]).map((part) => [part.x0, part.x1, part.length]);
console.log(counts.map(([from, to, count]) => `${from} to ${to}: ${count}`).join(", "));
process.exit(JSON.stringify(counts) === "[[0,1,2],[1,7,2],[7,30,1]]" ? 0 : 1);
JS
node show.mjs
