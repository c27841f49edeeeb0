#!/bin/sh
# One more row changes the months of all others: to lubridate's parse_date_time(day, c("mdy", "dmy")) "01/02/2026" is 2
# January, and 1 February once a row "13/02/2026" is in the column. It tries the orders on the whole and takes the one
# that fits most for all rows that it fits; with "02/13/2026" beside it, it is January again. Nothing is said, as no row
# fails. One would guess that the first order that fits is taken, row by row, as train = FALSE has it and pandas'
# to_datetime() does, or an error for a column in two minds. A year's export has other months than its first quarter had
# alone, waits between two columns of one table are off by months, and a report that was right is wrong from the 13th of
# some month on. Seen with lubridate 1.9.2, R 4.2.2 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-lubridate and python3-pandas where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'suppressMessages(library(lubridate))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-lubridate >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
Rscript --vanilla -e 'suppressMessages(library(lubridate)); options(warn = 2)
read <- function(...) format(parse_date_time(c(...), c("mdy", "dmy")))
found <- c(read("01/02/2026")[1], read("01/02/2026", "13/02/2026")[1], read("01/02/2026", "02/13/2026", "13/02/2026")[1],
  format(parse_date_time(c("01/02/2026", "13/02/2026"), c("mdy", "dmy"), train = FALSE))[1])
cat(R.version.string, "lubridate", format(packageVersion("lubridate")), "\n01/02/2026 alone:", found[1], "beside 13/02:", found[2],
  "beside 02/13 as well:", found[3], "train = FALSE:", found[4], "\n")
quit(status = if (identical(found, c("2026-01-02", "2026-02-01", "2026-01-02", "2026-01-02"))) 0 else 1)'
/usr/bin/python3 -W ignore - <<'PY'
import sys

import pandas

found = [str(day.date()) for day in pandas.to_datetime(["01/02/2026", "13/02/2026"])]
print("pandas", pandas.__version__, found)
sys.exit(0 if found == ["2026-01-02", "2026-02-13"] else 1)
PY
