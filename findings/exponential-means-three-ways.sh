#!/bin/sh
# The exponential mean of a series has three beginnings: of one week with 100 failures and then seven of 1, over "four"
# weeks, R's EMA() (TTR) says 25.75 for the fourth week, pandas' ewm(span=4).mean() 10.8, and the same with adjust=False
# 22.4. R begins with the plain mean of the first four and has nothing before; pandas weighs what there is, and with
# adjust=False takes the first value for all that was before. One would guess one formula, as the weight of a new value,
# 2/5, is the same in all. Half a year later they agree; a new project's chart, one that is cut at a release, and an
# alarm at some level, begin with the oldest value alone for weeks, or with twice as much of it. Seen with TTR 0.24.3, R
# 4.2.2 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-ttr and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
Rscript -e 'suppressMessages(library(TTR))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-ttr >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
Rscript --vanilla -e 'suppressMessages(library(TTR))
found <- EMA(c(100, 1, 1, 1, 1, 1, 1, 1), 4)
cat(R.version.string, "TTR", format(packageVersion("TTR")), round(found, 2), "\n")
quit(status = if (all(is.na(found[1:3])) && found[4] == 25.75) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys

import pandas

weeks = pandas.Series([100, 1, 1, 1, 1, 1, 1, 1])
weighed, plain = weeks.ewm(span=4).mean().round(2), weeks.ewm(span=4, adjust=False).mean().round(2)
print("pandas", pandas.__version__, list(weighed), "adjust=False:", list(plain))
sys.exit(0 if abs(weighed[3] - 10.83) < 0.01 and abs(plain[3] - 22.38) < 0.01 and weighed[0] == plain[0] == 100 else 1)
PY
