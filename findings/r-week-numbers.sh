#!/bin/sh
# week() is another number in each of R's packages for dates: lubridate's counts sevens of days from New Year's Day,
# data.table's does so one day early, so its first week has six days, and neither knows of Mondays; isoweek(), in both,
# is the calendar's. In 2026 Wednesday 7 January is week 1 in lubridate and week 2 by the calendar and in data.table,
# Thursday 8 January is week 2 in all three, and New Year's Eve is a week 53 with one day in lubridate and two in
# data.table. Which week() runs depends on which of the two was loaded last. One would guess the calendar's weeks.
# Commits counted by week() lack whole weekends from some weeks, and the last bar of each year falls to nearly nothing.
# Seen with lubridate 1.9.2, data.table 1.14.8 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-lubridate and r-cran-data.table where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(lubridate); library(data.table)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-lubridate r-cran-data.table >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
for (name in c("lubridate", "data.table")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
day <- as.Date(c("2026-01-06", "2026-01-07", "2026-01-08", "2026-12-29", "2026-12-30", "2026-12-31"))
weeks <- data.frame(day, on = format(day, "%a"), lubridate = lubridate::week(day), data.table = data.table::week(day),
                    isoweek = lubridate::isoweek(day))
print(weeks)
same <- identical(as.integer(weeks$lubridate), c(1L, 1L, 2L, 52L, 52L, 53L)) &&
  identical(as.integer(weeks$data.table), c(1L, 2L, 2L, 52L, 53L, 53L)) &&
  identical(as.integer(weeks$isoweek), c(2L, 2L, 2L, 53L, 53L, 53L))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
