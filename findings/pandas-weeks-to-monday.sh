#!/bin/sh
# pandas' resample("W-MON") makes weeks that END on a Monday: the days from Tuesday to Monday are one, named by that
# last Monday. Of two calendar weeks with a commit on each day it makes three weeks, of 1, 7 and 6; the Monday on which
# the work began stands alone, and what was done up to the next Monday stands under that Monday's date. One would guess
# weeks that begin on the day that they are named for, as date_trunc('week') of SQL has them. Charts labelled by Monday
# show each week's work a week late, and rows joined with those of a database, both "by Monday", are of other weeks,
# with no row missing. label="left", closed="left" makes the calendar's. Seen with pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's package python3-pandas where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import pandas

print("pandas", pandas.__version__)
commits = pandas.Series(1, index=pandas.date_range("2026-01-05", "2026-01-18"))  # Monday to Sunday, twice
weeks = commits.resample("W-MON").sum()
calendar = commits.resample("W-MON", label="left", closed="left").sum()
print(weeks.to_string(), calendar.to_string(), sep="\n--\n")
days = [day.strftime("%Y-%m-%d") for day in weeks.index]
same = list(weeks) == [1, 7, 6] and days == ["2026-01-05", "2026-01-12", "2026-01-19"] and list(calendar) == [7, 7]
sys.exit(0 if same else 1)
PY
