#!/bin/sh
# The day of a time, in R, is the day before where the zone is ahead of Greenwich: as.Date() of "2026-01-05 00:30",
# Europe/Berlin, is 4 January, though printing the time says the 5th, since as.Date() takes the day in UTC and not in
# the zone that the time carries; in New York, half past eight in the evening of the 5th is the 6th. lubridate's
# as_date() and format() keep the day that is printed. One would guess the day that everybody who looks at the time
# sees. Commits of late evenings, or of early mornings, are counted on another day, so that weekends have work on them
# that was done on Friday night or Monday, and with rows by as_date() no join meets. Seen with R 4.2.2 and lubridate
# 1.9.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-lubridate where they are missing. Exits non-zero
# where it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'suppressMessages(library(lubridate))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-lubridate >/dev/null
Rscript --vanilla -e 'suppressMessages(library(lubridate))
cat(R.version.string, "lubridate", format(packageVersion("lubridate")), "\n")
berlin <- as.POSIXct("2026-01-05 00:30", tz = "Europe/Berlin")
york <- as.POSIXct("2026-01-05 20:30", tz = "America/New_York")
for (time in list(berlin, york))
  cat(format(time, "%Y-%m-%d %H:%M %Z"), "as.Date:", format(as.Date(time)), "as_date:", format(as_date(time)), "\n")
same <- format(as.Date(berlin)) == "2026-01-04" && format(as.Date(york)) == "2026-01-06" &&
  format(as_date(berlin)) == "2026-01-05" && format(as_date(york)) == "2026-01-05"
quit(status = if (same) 0 else 1)'
