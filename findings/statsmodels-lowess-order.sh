#!/bin/sh
# The smoothed values that statsmodels' lowess() hands back are not in the order of what it was given: it sorts them by
# x unless told (return_sorted=True). Forges list the newest first, so of waits that grew from 0 to 90 days over ten
# weeks, table["smooth"] = lowess(...)[:, 1] says 0 for the newest and 90 for the oldest. Nothing is said: the lengths
# agree. One would guess a value for each row, in its row, as R's loess() and any fitted model give them. The line in
# the chart runs against the points. return_sorted=False gives them row by row. Seen with statsmodels 0.13.5 and pandas
# 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages python3-statsmodels and python3-pandas where they are missing. Exits
# non-zero where it behaves otherwise.
set -eu
/usr/bin/python3 -c 'import statsmodels, pandas' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-statsmodels python3-pandas >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import pandas
import statsmodels
from statsmodels.nonparametric.smoothers_lowess import lowess

print("statsmodels", statsmodels.__version__, "pandas", pandas.__version__)
table = pandas.DataFrame({"week": range(9, -1, -1)})  # the newest first
table["days"] = table["week"] * 10.0
table["smooth"] = lowess(table["days"], table["week"])[:, 1].round(6)
table["in rows"] = lowess(table["days"], table["week"], return_sorted=False).round(6)
print(table.to_string(index=False))
same = list(table["smooth"]) == list(table["days"][::-1]) and list(table["in rows"]) == list(table["days"])
sys.exit(0 if same else 1)
PY
