#!/bin/sh
# What lies between two days that are known is another number in pandas than in R: of 0 open issues on 1 January,
# nothing on the 2nd, and 10 on the 11th, pandas' interpolate() says 5 for the 2nd, and zoo's na.approx() 1. pandas
# counts rows, though the table's index has the days; zoo takes the days. One would guess that a series of time is
# filled in by time, or that days without a row make no difference. Counts from release days, from meetings or from a
# tracker that was asked when somebody thought of it, are never evenly apart; a backlog seems to jump at once and then
# to stand, and sums over days are off. method="time" makes pandas take the days. Seen with pandas 1.5.3, zoo 1.8-11 and
# R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-zoo and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
Rscript -e 'suppressMessages(library(zoo))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-zoo >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
Rscript --vanilla -e 'suppressMessages(library(zoo))
open <- zoo(c(0, NA, 10), as.Date(c("2026-01-01", "2026-01-02", "2026-01-11")))
cat(R.version.string, "zoo", format(packageVersion("zoo")), "na.approx:", as.numeric(na.approx(open)), "\n")
quit(status = if (isTRUE(all.equal(as.numeric(na.approx(open)), c(0, 1, 10)))) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys

import pandas

days = pandas.to_datetime(["2026-01-01", "2026-01-02", "2026-01-11"])
counts = pandas.Series([0, None, 10], index=days)
rows, times = list(counts.interpolate()), list(counts.interpolate(method="time"))
print("pandas", pandas.__version__, "interpolate:", rows, "method=time:", times)
sys.exit(0 if rows == [0, 5, 10] and times == [0, 1, 10] else 1)
PY
