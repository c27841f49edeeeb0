#!/bin/sh
# Whether a series that grows by one a day "is stationary" has two answers from one test: R's adf.test() (tseries) says
# p = 0.01, yes, and statsmodels' adfuller() p = 0.95, no, of the same hundred numbers. R's always takes a straight line
# off first and asks about what is left; adfuller(), unless told, takes off a constant alone. One would guess that the
# augmented Dickey-Fuller test of two libraries is one, as the name and the numbers put in are. Who asks before a
# forecast or a regression of open issues whether to take differences is told to leave a trend as it is, or to remove
# one that was there. regression="ct" makes Python's like R's. Seen with tseries 0.10-53, R 4.2.2 and statsmodels 0.13.5
# (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-tseries and python3-statsmodels where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
Rscript -e 'library(tseries)' >load.txt 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-tseries >/dev/null
/usr/bin/python3 -c 'import statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-statsmodels >/dev/null
cat >show.R <<'R'
options(warn = -1)
suppressMessages(library(tseries))
set.seed(1)
open <- 1:100 + rnorm(100)
writeLines(format(open, digits = 15), "open.txt")
p <- adf.test(open)$p.value
cat(R.version.string, "tseries", format(packageVersion("tseries")), "adf.test:", p, "\n")
quit(status = if (p <= 0.011) 0 else 1)
R
Rscript --vanilla show.R 2>&1
cat >show.py <<'PY'
import sys

import statsmodels
from statsmodels.tsa.stattools import adfuller

open_issues = [float(line) for line in open("open.txt")]
constant, line = adfuller(open_issues)[1], adfuller(open_issues, regression="ct")[1]
print("statsmodels", statsmodels.__version__, "adfuller: %.2f regression=ct: %.4f" % (constant, line))
sys.exit(0 if constant > 0.9 and line < 0.01 else 1)
PY
/usr/bin/python3 show.py
