#!/bin/sh
# R takes "01/05/2026" for 20 May of the year 1: as.Date() tries "%Y-%m-%d" and "%Y/%m/%d", finds the year 01, the month
# 05 and the day 20, and does not look at the "26" behind. "13/01/2026", the 13th of January, is the 20th of January 13.
# No word is said, and a column of days is a column of days in the wrong millennium; only what cannot be a month, as
# "01/13/2026", is NA, or an error where it comes first. One would guess an error for a form that is not read, and that
# what is left over behind a date is not passed by. The day has become the year: from 1 to 3 May 2026 it is two years.
# Seen with R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's package r-base-core where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/days.R" <<'R'
options(warn = 2)
cat(R.version.string, "\n")
texts <- c("01/05/2026", "13/01/2026", "01/13/2026")
days <- as.Date(texts)
print(data.frame(text = texts, day = format(days, "%Y-%m-%d"), year = as.POSIXlt(days)$year + 1900))
first <- tryCatch(format(as.Date(rev(texts))), error = conditionMessage)
cat("the last one first:", first, "\n")
wait <- as.numeric(as.Date("03/05/2026") - as.Date("01/05/2026"))
cat("from 1 to 3 May:", wait, "days\n")
year <- as.POSIXlt(days)$year + 1900
quit(status = if (identical(year[1:2], c(1, 13)) && as.POSIXlt(days)$mday[1] == 20 && is.na(days[3]) && grepl("not in a standard", first) && wait == 730) 0 else 1)
R
Rscript "$folder/days.R"
