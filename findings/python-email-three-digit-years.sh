#!/bin/sh
# Mail programs that took the year from localtime wrote "Mon, 3 Jan 100 10:00:00 +0000" in January 2000, and archives of
# that year have such mails. RFC 2822 and 5322 (4.3) say what it means: three digits are years since 1900, as two digits
# below 50 are years since 2000. Python's email.utils.parsedate_to_datetime follows the rule for two digits, "4 Jan 99"
# and "4 Jan 00", and takes three as they stand: the year 100. One would guess 2000, or an error, which code around it
# expects and catches. The thread begins nineteen hundred years before its first answer, the archive's first month is of
# Trajan's time, and timestamp() is negative. Seen with Python 3.11.2 (Debian 12).
# Needs Debian's python3; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
/usr/bin/python3 - <<'PY'
import email.message
import email.policy
import email.utils
import platform
import sys

print("Python", platform.python_version())
dates = ("Mon, 3 Jan 100 10:00:00 +0000", "Mon, 3 Jan 00 10:00:00 +0000", "Mon, 4 Jan 99 10:00:00 +0000", "Mon, 3 Jan 2000 10:00:00 +0000")
years = [email.utils.parsedate_to_datetime(date).year for date in dates]
message = email.message.EmailMessage(policy=email.policy.default)
message["Date"] = dates[0]
for date, year in zip(dates, years):
    print(f"{date!r} is of {year}")
print("the header's datetime:", message["Date"].datetime, "defects:", message["Date"].defects)
sys.exit(0 if years == [100, 2000, 1999, 2000] and message["Date"].datetime.year == 100 and not message["Date"].defects else 1)
PY
