#!/bin/sh
# pct_change() of pandas makes up weeks that were not counted: of 10 commits, a week in which the counter was broken,
# and 20, it says no change, 0.0, and then +100 %, since it carries the last number forward before it compares. diff()
# of the same has nothing for both. One would guess nothing for a week of which nothing is known, and that two functions
# for change agree about where there is one. A mean of weekly growth, or its spread, has quiet weeks in it that never
# were, the growth of two weeks stands on one, and a series that ends in such weeks stands still, "stable", for as long
# as the counter is broken. fill_method=None leaves them out. Seen with pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's package python3-pandas where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import pandas

print("pandas", pandas.__version__)
weeks = pandas.Series([10, None, 20, None, None])
change, difference = weeks.pct_change(), weeks.diff()
print("weeks:", list(weeks), "pct_change:", list(change), "diff:", list(difference))
print("mean growth:", change.mean(), "fill_method=None:", list(weeks.pct_change(fill_method=None)))
sys.exit(0 if list(change[1:]) == [0, 1, 0, 0] and difference.isna().all() and weeks.pct_change(fill_method=None).isna().all() else 1)
PY
