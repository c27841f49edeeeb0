#!/bin/sh
# ISOdate(2026, 1, 5), R's way to make a day of a year, a month and a day, is noon: 2026-01-05 12:00:00 GMT. Its hour is
# 12 unless told, so that days do not slip between zones; ISOdatetime() has no default at all, and
# as.POSIXct("2026-01-05") is midnight. So what was answered at 9:15 of the day that it was opened, whose day came as
# three columns, waited for minus 2.75 hours, and "since ISOdate(...)" leaves out a morning. One would guess the
# beginning of the day. Waits between days made in one way are right; where the two ways meet, half a day is gone or
# there twice. Seen with R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's package r-base-core where it is missing. Exits non-zero where it behaves otherwise.
set -eu
export TZ=UTC
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
cat(R.version.string, "\n")
opened <- ISOdate(2026, 1, 5)
midnight <- as.POSIXct("2026-01-05", tz = "UTC")
answered <- as.POSIXct("2026-01-05 09:15", tz = "UTC")
cat("ISOdate:", format(opened, "%F %T %Z"), " as.POSIXct:", format(midnight, "%F %T %Z"), "\n")
wait <- as.numeric(difftime(answered, opened, units = "hours"))
cat("from ISOdate(2026, 1, 5) to 9:15 of that day:", wait, "hours\n")
same <- wait == -2.75 && format(midnight, "%H") == "00" &&
  inherits(try(ISOdatetime(2026, 1, 5), silent = TRUE), "try-error")
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
