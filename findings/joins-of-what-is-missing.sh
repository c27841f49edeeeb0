#!/bin/sh
# Rows without a key find each other: pandas' merge(), R's merge(), dplyr's inner_join() and data.table join what is
# missing with what is missing, so of three commits, two of which name no issue, and three labels of issues, two without
# a number, there are five rows: each nameless commit has each nameless label. SQL, where NULL equals nothing, has one
# row, and so has arquero in Node. One would guess that a join is a join, and that an issue which is not known is no
# issue. Work without an issue, author or milestone is multiplied, and counts under labels that it never had: a thousand
# such commits and a hundred such rows are a hundred thousand. na_matches = "never" (dplyr), or leaving them out first,
# helps. Seen with pandas 1.5.3, dplyr 1.0.10, data.table 1.14.8, R 4.2.2, SQLite 3.40 as Python 3.11 has it (Debian
# 12), and arquero 7.2.1.
# Needs node, npm and apt-get; fetches that package, and installs Debian's packages r-base-core, r-cran-dplyr,
# r-cran-data.table and python3-pandas where they are missing. Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(dplyr); library(data.table)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-dplyr r-cran-data.table >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts arquero@7.2.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf '%s\n' commit,issue a,1 b, c, >commits.csv
printf '%s\n' issue,label 1,bug ,gui ,docs >labels.csv
cat >show.R <<'R'
suppressMessages(library(data.table))
for (name in c("dplyr", "data.table")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
commits <- read.csv("commits.csv")
labels <- read.csv("labels.csv")
rows <- c(merge = nrow(merge(commits, labels)), inner_join = nrow(dplyr::inner_join(commits, labels, by = "issue")),
          data.table = nrow(as.data.table(commits)[labels, on = "issue", nomatch = NULL, allow.cartesian = TRUE]),
          never = nrow(dplyr::inner_join(commits, labels, by = "issue", na_matches = "never")))
print(rows)
quit(status = if (identical(unname(rows), c(5L, 5L, 5L, 1L))) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import sqlite3
import sys

import pandas

commits = pandas.read_csv("commits.csv")
labels = pandas.read_csv("labels.csv")
store = sqlite3.connect(":memory:")
commits.to_sql("commits", store, index=False)
labels.to_sql("labels", store, index=False)
by_sql = pandas.read_sql("SELECT * FROM commits JOIN labels USING (issue)", store)
merged = commits.merge(labels, on="issue")
print("pandas", pandas.__version__, "merge():", len(merged), " SQLite", sqlite3.sqlite_version, "JOIN:", len(by_sql))
print(merged.to_string(index=False))
sys.exit(0 if (len(merged), len(by_sql)) == (5, 1) else 1)
PY
/usr/bin/python3 show.py
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { fromCSV } from "arquero";

const read = (name) => fromCSV(readFileSync(name, "utf8"));
const rows = read("commits.csv").join(read("labels.csv"), "issue").numRows();
console.log("arquero", JSON.parse(readFileSync("node_modules/arquero/package.json")).version, "join():", rows);
process.exit(rows === 1 ? 0 : 1);
JS
node show.mjs
