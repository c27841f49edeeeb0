#!/bin/sh
# R's as.POSIXct reads the times that forges write, "2026-01-05T09:15:00Z", as midnight: it tries formats with a blank,
# then with a date alone, and what follows a date is not looked at. 14 hours of waiting are 0, without a warning. Nor is
# one value alone: in a column "2026-01-05 09:15:00" one cell with a bare date takes the time of day off all others. One
# would guess an error, or NA for what cannot be read. Times to a first answer, or to a merge, become whole days, and
# all within a day are nought. A format, "%Y-%m-%dT%H:%M:%SZ", reads them. Seen with R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's package r-base-core where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/times.R" <<'R'
options(warn = 2) # a warning would be an error
cat(R.version.string, "\n")
opened <- "2026-01-05T09:15:00Z"
answered <- "2026-01-05T23:15:00Z"
hours <- function(from, to) as.numeric(difftime(to, from, units = "hours"))
guessed <- hours(as.POSIXct(opened, tz = "UTC"), as.POSIXct(answered, tz = "UTC"))
format <- "%Y-%m-%dT%H:%M:%SZ"
told <- hours(as.POSIXct(opened, format, tz = "UTC"), as.POSIXct(answered, format, tz = "UTC"))
cat("from", opened, "to", answered, "are", guessed, "hours; with a format,", told, "\n")
column <- c("2026-01-05 09:15:00", "2026-01-05 23:15:00")
with_date <- c(column, "2026-01-06")
show <- function(times) format(as.POSIXct(times, tz = "UTC"), "%d %H:%M")
cat(column, "are read as", paste(show(column), collapse = ", "), "\n")
cat(with_date, "are read as", paste(show(with_date), collapse = ", "), "\n")
quit(status = if (guessed == 0 && told == 14 && show(column)[2] == "05 23:15" && show(with_date)[2] == "05 00:00") 0 else 1)
R
Rscript --vanilla "$folder/times.R"
