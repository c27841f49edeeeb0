#!/bin/sh
# last(x, "1 month") of R's xts is not the last month but what there is of the month that the last row lies in: of a
# series of days that ends on 2 March it has two, last(x, "1 week") one, the Monday, and first(x, "1 week"), of one that
# begins on a Thursday, four; last(x, "7 days") has seven. One would guess the thirty or so days before the end, since
# "1 week" and "7 days" are one length everywhere else, as in seq() and difftime. "Commits of the last month", shown on
# the first days of a month, fall to nearly nothing, and a mean of the last week is that of a Monday. Seen with xts
# 0.13.0 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-xts where they are missing. Exits non-zero where they
# behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(xts)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-xts >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(xts))
cat(R.version.string, "xts", as.character(packageVersion("xts")), "\n")
days <- seq(as.Date("2026-01-01"), as.Date("2026-03-02"), by = "day")
commits <- xts(rep(1, length(days)), days)
asked <- c("1 month", "1 week", "2 weeks", "7 days")
last_days <- sapply(asked, function(length) nrow(last(commits, length)))
for (length in asked) cat("last, ", length, ": ", last_days[[length]], " days\n", sep = "")
cat("first, 1 week:", nrow(first(commits, "1 week")), "days\n")
quit(status = if (identical(unname(last_days), c(2L, 1L, 8L, 7L)) && nrow(first(commits, "1 week")) == 4) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
