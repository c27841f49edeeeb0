#!/bin/sh
# A rolling mean looks ahead in R and back in Python: zoo's rollmean() and rollapply() put the mean of three weeks on
# the middle one, pandas' rolling(3).mean() on the last. Of response times that were 0 until an incident in the week of
# 2 February, and 8 since, R's line rises in the week of 26 January, before anything happened. For an even width it is
# off the middle, one more of the weeks to come than of those gone. One would guess the mean of the last three weeks,
# since a report can have no other. A change is dated before its cause, and the newest weeks, with no weeks to come, are
# not in the series at all. align = "right", or rollmeanr(), looks back. Seen with zoo 1.8-11, R 4.2.2 and pandas 1.5.3
# (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-zoo and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(zoo)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-zoo >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(zoo))
cat("zoo", as.character(packageVersion("zoo")), R.version.string, "\n")
hours <- zoo(c(0, 0, 0, 0, 8, 8, 8, 8), as.Date("2026-01-05") + 7 * 0:7)
first <- function(series) format(index(series)[which(series > 0)[1]])
risen <- c(hours = first(hours), rollmean = first(rollmean(hours, 3)), rollapply = first(rollapply(hours, 3, mean)),
           even = first(rollmean(hours, 4)), rollmeanr = first(rollmeanr(hours, 3)))
print(risen)
cat("newest of rollmean:", format(end(rollmean(hours, 3))), "\n")
same <- identical(unname(risen), c("2026-02-02", "2026-01-26", "2026-01-26", "2026-01-19", "2026-02-02"))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
/usr/bin/python3 -c '
import pandas
hours = pandas.Series([0] * 4 + [8] * 4, index=pandas.date_range("2026-01-05", periods=8, freq="7D"))
means = hours.rolling(3).mean()
print("pandas", pandas.__version__, ": rises on", means[means > 0].index[0].date())
raise SystemExit(0 if str(means[means > 0].index[0].date()) == "2026-02-02" else 1)'
