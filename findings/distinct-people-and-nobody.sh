#!/bin/sh
# How many people have issues assigned? Of "Ada", nobody and "Bob" R says three and Python two: dplyr's n_distinct() and
# data.table's uniqueN() count what is missing as a value of its own, pandas' nunique() and SQL's count(DISTINCT ...) do
# not. One would guess people; length(table(x)) of R itself has two. Counts of assignees, of reviewers and of milestones
# by week or by label are one too high wherever one issue has none, so that "one person looks after this label" is told
# of labels that nobody looks after, and "two" of those that hang on one. na.rm = TRUE counts people. Seen with dplyr
# 1.0.10, data.table 1.14.8, R 4.2.2 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-dplyr, r-cran-data.table and python3-pandas where they
# are missing. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
Rscript -e 'library(dplyr); library(data.table)' >load.txt 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-dplyr r-cran-data.table >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
printf '%s\n' label,assignee bug,Ada bug, bug,Bob docs, docs, >issues.csv
cat >show.R <<'R'
suppressMessages({library(dplyr); library(data.table)})
issues <- read.csv("issues.csv", na.strings = "")
counts <- issues |> group_by(label) |> summarise(dplyr = n_distinct(assignee), people = n_distinct(assignee, na.rm = TRUE))
counts$data.table <- as.data.table(issues)[, uniqueN(assignee), by = label]$V1
counts$table <- as.vector(tapply(issues$assignee, issues$label, function(x) length(table(x))))
cat(R.version.string, "dplyr", format(packageVersion("dplyr")), "data.table", format(packageVersion("data.table")), "\n")
print(as.data.frame(counts))
same <- identical(as.integer(counts$dplyr), c(3L, 1L)) && identical(counts$data.table, c(3L, 1L)) &&
  identical(as.integer(counts$people), c(2L, 0L)) && identical(as.integer(counts$table), c(2L, 0L))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import sys

import pandas

counts = pandas.read_csv("issues.csv").groupby("label")["assignee"].nunique()
print("pandas", pandas.__version__, dict(counts))
sys.exit(0 if list(counts) == [2, 0] else 1)
PY
/usr/bin/python3 show.py
