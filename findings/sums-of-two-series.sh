#!/bin/sh
# Two series added in R are a shorter one: of commits of two repositories by week, a + b with xts, zoo or ts has only
# the weeks that both have, and no word of the others; of 3, 4 and 5 commits and, in the first and a later week, 10 and
# 20, there is one week left, of 13 in place of 42 commits. pandas keeps all weeks and has NaN where one is missing, so
# that its sum is 13, too, but the gap shows; data frames of R need equal length. One would guess NA, or what is there.
# The total of an organisation's repositories is that of the weeks in which none of them rested, and the more
# repositories the fewer weeks. merge(a, b, fill = 0), and add(fill_value=0), count all. Seen with xts 0.13.0, zoo
# 1.8-11, R 4.2.2 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-xts and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'suppressMessages(library(xts))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-xts >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
Rscript --vanilla -e 'suppressMessages(library(xts)); options(warn = 2)
cat(R.version.string, "xts", format(packageVersion("xts")), "zoo", format(packageVersion("zoo")), "\n")
first <- as.Date(c("2026-01-05", "2026-01-12", "2026-01-19")); second <- as.Date(c("2026-01-05", "2026-01-26"))
a <- xts(c(3, 4, 5), first); b <- xts(c(10, 20), second)
together <- zoo(c(3, 4, 5), first) + zoo(c(10, 20), second)
whole <- merge(a, b, fill = 0)
cat("xts:", nrow(a + b), "week,", sum(a + b), "commits; zoo:", length(together), "week; merged:", sum(whole), "commits in", nrow(whole), "weeks\n")
series <- ts(c(3, 4, 5), start = 1) + ts(c(10, 20), start = 3)
cat("ts:", length(series), "value\n")
quit(status = if (nrow(a + b) == 1 && sum(a + b) == 13 && length(together) == 1 && length(series) == 1 && sum(whole) == 42) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys

import pandas

a = pandas.Series([3, 4, 5], index=pandas.to_datetime(["2026-01-05", "2026-01-12", "2026-01-19"]))
b = pandas.Series([10, 20], index=pandas.to_datetime(["2026-01-05", "2026-01-26"]))
print("pandas", pandas.__version__, list(a + b), "add(fill_value=0):", a.add(b, fill_value=0).sum())
sys.exit(0 if len(a + b) == 4 and (a + b).isna().sum() == 3 and a.add(b, fill_value=0).sum() == 42 else 1)
PY
