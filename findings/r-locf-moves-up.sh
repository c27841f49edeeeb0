#!/bin/sh
# R's na.locf() (zoo), which carries the last known value forward, is shorter than what it was given where that begins
# with nothing known: leading NAs are left out (na.rm = TRUE). Put into a column of a data frame, the shorter vector
# begins anew at its end, without a warning where the numbers of rows divide: of six days, three before the issue was
# there, then "open", nothing, "closed", the column has it open on day 1, closed on day 3 and open again on day 4. One
# would guess NA where nothing was known yet, and a value a row. A table of how many issues were open each day has
# states from the wrong days, and issues that are opened again. na.rm = FALSE keeps each in its place. Seen with zoo
# 1.8-11 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-zoo where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(zoo)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-zoo >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(zoo))
options(warn = 2) # a warning would be an error
cat(R.version.string, "zoo", as.character(packageVersion("zoo")), "\n")
issue <- data.frame(day = 1:6, change = c(NA, NA, NA, "open", NA, "closed"))
issue$state <- na.locf(issue$change)
issue$kept <- na.locf(issue$change, na.rm = FALSE)
print(issue)
same <- identical(issue$state, rep(c("open", "open", "closed"), 2)) &&
  identical(issue$kept, c(NA, NA, NA, "open", "open", "closed"))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
