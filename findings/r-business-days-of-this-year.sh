#!/bin/sh
# Christmas of any year but this one is a working day to R's timeDate: isBizday() leaves out the holidays of the New
# York Stock Exchange, and of those the ones of the present year alone, since holidayNYSE(), its default, is asked
# without a year. So 25 December 2020 is TRUE, and that of the year in which the script runs FALSE; next year the answer
# for one and the same day will be another. One would guess that only weekends are left out unless told, or that the
# day's own year is looked at. How many working days a review took depends on when one asks. Seen with R 4.2.2 and
# timeDate 4022.108 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-timedate where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
Rscript -e 'library(timeDate)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-timedate >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/days.R" <<'R'
suppressMessages(library(timeDate))
cat(R.version.string, "timeDate", as.character(packageVersion("timeDate")), "\n")
this <- as.integer(format(Sys.Date(), "%Y"))
christmas <- function(years) { # those that are no Saturday or Sunday; what the Exchange moves to a Friday or Monday is left out
  days <- as.Date(paste0(years, "-12-25"))
  days[format(days, "%u") %in% 1:5]
}
past <- christmas((this - 8):(this - 1))
now <- as.Date(holidayNYSE(this))
is_workday <- unname(isBizday(timeDate(format(past))))
print(data.frame(christmas = past, is_business_day = is_workday, with_its_year = unname(isBizday(timeDate(format(past)), holidayNYSE((this - 8):this)))))
cat("holidays of", this, "that are business days:", sum(isBizday(timeDate(format(now)))), "of", length(now), "\n")
quit(status = if (all(is_workday) && !any(isBizday(timeDate(format(now)))) && !any(isBizday(timeDate(format(past)), holidayNYSE((this - 8):this)))) 0 else 1)
R
Rscript "$folder/days.R"
