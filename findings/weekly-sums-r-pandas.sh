#!/bin/sh
# A week in which nothing happened is there for pandas and not for R's xts: of three commits in the first week of
# January and three in the first of February, apply.weekly(commits, sum) has two weeks, resample("W").sum() five, three
# of them 0. So the mean of commits a week is 3 in R and 1.2 in Python. The weeks of xts are also named by the last day
# on which something happened (Wednesday), not by the week's end, so two projects' weeks do not meet when they are
# merged. One would guess one row a week. How busy a project is, how much it varies, and whether it slows down, is
# computed from its busy weeks alone, and the quieter it is, the more. Seen with xts 0.13.0, R 4.2.2 and pandas 1.5.3
# (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-xts and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(xts)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-xts >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
printf '%s\n' day 2026-01-05 2026-01-06 2026-01-07 2026-02-02 2026-02-03 2026-02-04 >days.csv
cat >show.R <<'R'
suppressMessages(library(xts))
cat(R.version.string, "xts", as.character(packageVersion("xts")), "\n")
days <- as.Date(read.csv("days.csv")$day)
weekly <- apply.weekly(xts(rep(1, length(days)), days), sum)
print(weekly)
cat("mean of a week:", mean(weekly), "\n")
same <- identical(as.numeric(weekly), c(3, 3)) && identical(format(index(weekly)), c("2026-01-07", "2026-02-04"))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import sys

import pandas

days = pandas.read_csv("days.csv", parse_dates=["day"])["day"]
weekly = pandas.Series(1, index=days).resample("W").sum()
print("pandas", pandas.__version__)
print(weekly.to_string())
print("mean of a week:", weekly.mean())
sys.exit(0 if list(weekly) == [3, 0, 0, 0, 3] else 1)
PY
/usr/bin/python3 show.py
