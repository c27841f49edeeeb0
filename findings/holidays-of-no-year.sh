#!/bin/sh
# The holidays of Germany are none where numpy asks for them: a calendar of Python's holidays, holidays.DE(), is empty
# until it is asked for a day, and then has that day's year alone, so list(holidays.DE()) is [], and
# numpy.busday_count(from, to, holidays=list(holidays.DE())) counts Christmas and New Year as days of work. `day in
# calendar` is right at any time, and afterwards the list has that year. One would guess an endless list, an error, or
# this year. Waits counted in working days are too long around holidays, with no sign of it, and right in a script that
# happened to ask for a day before, for as long as the year lasts. years=[2025, 2026] fills it. Seen with holidays
# 0.10.1 and numpy 1.24.2 (Debian 12).
# Needs apt-get; installs Debian's packages python3-holidays and python3-numpy where they are missing. Exits non-zero
# where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import holidays, numpy' 2>/dev/null || apt-get install -y --no-install-recommends python3-holidays python3-numpy >/dev/null
/usr/bin/python3 - <<'PY'
import datetime
import sys

import holidays
import numpy

print("holidays", holidays.__version__, "numpy", numpy.__version__)
calendar = holidays.DE()
days = lambda free: int(numpy.busday_count("2026-12-21", "2027-01-04", holidays=list(free)))
empty = (len(calendar), days(calendar))
inside = datetime.date(2026, 12, 25) in calendar
asked = (len(calendar), days(calendar))
whole = days(holidays.DE(years=[2026, 2027]))
print("at first:", empty, "25 December in it:", inside, "then:", asked, "with years:", whole)
sys.exit(0 if empty == (0, 10) and inside and asked == (9, 9) and whole == 8 else 1)
PY
