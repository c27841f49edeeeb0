#!/bin/sh
# Of a wait of sixty and a half days pendulum's period says days 60, hours 12, weeks 0 and months 2: .days is the whole
# wait, .hours what is left over after whole days, and .weeks what is left over after whole months. in_days(),
# in_hours() and in_weeks() are the whole in that unit, 60, 1452 and 8. One would guess that properties beside each
# other are either parts that add up, as those of relativedelta (2 months, 1 day, 12 hours) or wholes; here days are a
# whole and all else are parts, as timedelta has days whole. A limit in weeks, `wait.weeks >= 4`, is met on some days of
# the month only, and one in hours by what waited a day and a morning and not by what waited two days sharp. Seen with
# pendulum 2.1.2 (Debian 12).
# Needs apt-get; installs Debian's package python3-pendulum where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import pendulum' 2>/dev/null || apt-get install -y --no-install-recommends python3-pendulum >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import pendulum

print("pendulum", pendulum.__version__)
wait = pendulum.datetime(2026, 3, 2, 12) - pendulum.datetime(2026, 1, 1)
parts = (wait.months, wait.weeks, wait.days, wait.hours)
wholes = (wait.in_months(), wait.in_weeks(), wait.in_days(), wait.in_hours())
print("months, weeks, days, hours:", parts, "in_...:", wholes)
longer = [(pendulum.datetime(2026, 1, 1).add(days=days) - pendulum.datetime(2026, 1, 1)).weeks for days in (28, 31, 45, 58, 60)]
print("weeks after 28, 31, 45, 58 and 60 days:", longer)
sys.exit(0 if parts == (2, 0, 60, 12) and wholes == (2, 8, 60, 1452) and longer == [4, 0, 2, 3, 0] else 1)
PY
