#!/bin/sh
# lag(x, 1) in R is yesterday's value, tomorrow's, or today's, by what x is: of an xts series it is the value before, of
# ts and zoo the one after, and of a plain vector the same values where they were, since only an attribute moves; dplyr,
# once loaded, makes that the one before. So x - lag(x), the change since the week before, is right for xts, has the
# opposite sign for ts and zoo, and is 0 throughout for a column of a data frame, without a warning. One would guess one
# direction, and that a series of time which is made of another (as.xts of a zoo) keeps its meaning. Open issues that
# grow by the week are shown to shrink, or to stand still. Seen with xts 0.13.0, zoo 1.8-11, dplyr 1.0.10 and R 4.2.2
# (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-xts and r-cran-dplyr where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(xts); library(dplyr)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-xts r-cran-dplyr >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(xts))
options(warn = 2)
for (name in c("xts", "zoo", "dplyr")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
open <- c(10, 13, 18) # issues that were open, week by week
weeks <- as.Date("2026-01-05") + 7 * 0:2
change <- function(x) {
  difference <- as.numeric(x - lag(x, 1))
  difference[!is.na(difference)]
}
found <- list(vector = change(open), ts = change(ts(open)), zoo = change(zoo(open, weeks)),
              xts = change(as.xts(zoo(open, weeks))), dplyr = as.numeric(na.omit(open - dplyr::lag(open, 1))))
for (name in names(found)) cat(sprintf("%-6s x - lag(x, 1): %s\n", name, paste(found[[name]], collapse = " ")))
same <- identical(found, list(vector = c(0, 0, 0), ts = c(-3, -5), zoo = c(-3, -5), xts = c(3, 5), dplyr = c(3, 5)))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
