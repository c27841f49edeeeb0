#!/bin/sh
# How many working days is it from 9 January to 5 January? Four, as many as the other way, say moment-business-days and
# Python's workalendar: a difference has no sign there, though moment's own diff() and all of date-fns have one
# (differenceInBusinessDays: -4), as have dayjs-business-days and numpy's busday_count. One would guess -4. So "due in
# four working days" and "overdue by four" are one figure, and a check "fewer than five days left" passes what is long
# overdue. moment-business-days has a second argument, `relative`, that gives the sign. Seen with moment-business-days
# 1.2.0, date-fns 4.4.0, workalendar 17.0.0 and numpy 1.24.2 (Debian 12).
# Needs node, npm and apt-get; fetches these packages, and installs Debian's python3-workalendar and python3-numpy where
# they are missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import workalendar, numpy' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-workalendar python3-numpy >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts moment@2.31.0 moment-business-days@1.2.0 date-fns@4.4.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const moment = require("moment-business-days");
const { differenceInBusinessDays } = require("date-fns");
const [today, due] = ["2026-01-09", "2026-01-05"];
const found = [moment(due).businessDiff(moment(today)), moment(due).businessDiff(moment(today), true), moment(due).diff(moment(today), "days"),
    differenceInBusinessDays(new Date(due + "T12:00"), new Date(today + "T12:00"))];
console.log("moment-business-days:", found[0], "relative:", found[1], "moment, days:", found[2], "date-fns:", found[3]);
process.exit(found.join() === "4,-4,-4,-4" ? 0 : 1);
JS
TZ=UTC node show.cjs
/usr/bin/python3 - <<'PY'
from datetime import date

import numpy
from workalendar.europe import Germany

today, due = date(2026, 1, 9), date(2026, 1, 5)
found = [Germany().get_working_days_delta(today, due), Germany().get_working_days_delta(due, today), int(numpy.busday_count(today, due))]
print("workalendar:", found[0], "the other way:", found[1], "numpy", numpy.__version__ + ":", found[2])
raise SystemExit(0 if found == [4, 4, -4] else 1)
PY
