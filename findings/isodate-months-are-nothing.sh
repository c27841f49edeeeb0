#!/bin/sh
# Three months are no time to Python's isodate: parse_duration("P3M").total_seconds() is 0.0, and .days is 0; so of
# "P1Y" and "P2Y6M", and "P1M10D" is ten days. A length with years or months is an object of its own there, which has
# them beside a timedelta of the rest and hands on every question that it does not answer itself to that rest. "P90D" is
# a plain timedelta of 90 days. One would guess some number of days, or an error, as comparing two of them raises one.
# What is asked of a policy in a file, a time to answer, a window of support, a limit for stale issues, is over at once,
# and only for those who wrote months. Added to a date it is right: date + duration. Seen with isodate 0.6.1 (Debian
# 12).
# Needs apt-get; installs Debian's package python3-isodate where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import isodate' 2>/dev/null || apt-get install -y --no-install-recommends python3-isodate >/dev/null
dpkg-query -W -f 'isodate ${Version}\n' python3-isodate
/usr/bin/python3 - <<'PY'
import datetime
import sys

import isodate

found = {}
for text in ("P3M", "P1Y", "P1M10D", "P90D"):
    length = isodate.parse_duration(text)
    found[text] = (length.days, length.total_seconds() / 86400)
    print(text, type(length).__name__, "days:", length.days, "total_seconds:", length.total_seconds(),
          "added to 1 January:", datetime.date(2026, 1, 1) + length)
sys.exit(0 if found == {"P3M": (0, 0), "P1Y": (0, 0), "P1M10D": (10, 10), "P90D": (90, 90)} else 1)
PY
