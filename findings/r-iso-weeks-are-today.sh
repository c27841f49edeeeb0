#!/bin/sh
# R writes the weeks of ISO 8601 and reads them as today: format(day, "%G-W%V-%u") gives "2026-W02-1", and
# as.Date("2026-W02-1", "%G-W%V-%u") the day on which it is run, without a warning, since %G and %V are taken from the
# text and left out; data.table's as.IDate() likewise. lubridate's ymd() makes the first of February of it, the 02 being
# a month. Python's strptime() and pandas read 5 January. One would guess what was written, or NA. Weekly tables of
# GitLab and of spreadsheets, joined in R by the day, have one day in all, or a week for a month; each run says another.
# Seen with R 4.2.2, data.table 1.14.8, lubridate 1.9.2, Python 3.11 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-data.table, r-cran-lubridate and python3-pandas where
# they are missing. Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(lubridate); library(data.table)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-lubridate r-cran-data.table >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
options(warn = 2)
for (name in c("data.table", "lubridate")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
week <- format(as.Date("2026-01-05"), "%G-W%V-%u")
before <- Sys.Date()
read <- c(as.Date = format(as.Date(week, "%G-W%V-%u")), as.IDate = format(data.table::as.IDate(week, "%G-W%V-%u")),
          ymd = format(lubridate::ymd(week)))
today <- format(c(before, Sys.Date())) # two days at midnight
cat(week, "is read as\n")
print(read)
same <- week == "2026-W02-1" && all(read[c("as.Date", "as.IDate")] %in% today) && read[["ymd"]] == "2026-02-01"
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
/usr/bin/python3 -c '
import datetime, pandas, platform
read = [datetime.datetime.strptime("2026-W02-1", "%G-W%V-%u"), pandas.to_datetime("2026-W02-1", format="%G-W%V-%u")]
print("Python", platform.python_version(), "pandas", pandas.__version__, *[day.date() for day in read])
raise SystemExit(0 if all(str(day.date()) == "2026-01-05" for day in read) else 1)'
