#!/bin/sh
# The sum of lubridate's periods is the sum of their seconds' part: sum(c(minutes(90), hours(2), days(1))) is 0, mean()
# is 0, max() and min() are 0, and which.max() is the first, without a warning, while summary() of the same says 9H 10M.
# Only the seconds that are left over count: of times on the minute, as many exports have them, all sums are 0. One
# would guess a period or an error, since sort() and w > hours(1) are right. Waiting times by label or by reviewer come
# out as nothing, or as less than a minute each. as.duration() first, or period_to_seconds(), gives the true ones. Seen
# with lubridate 1.9.2 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-lubridate where they are missing. Exits non-zero
# where it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(lubridate)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-lubridate >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/sums.R" <<'R'
options(warn = 2) # a warning would be an error
suppressMessages(library(lubridate))
cat(R.version.string, "lubridate", as.character(packageVersion("lubridate")), "\n")
opened <- ymd_hms(c("2026-01-05T08:00:00Z", "2026-01-05T08:00:00Z", "2026-01-05T08:00:30Z"))
answered <- ymd_hms(c("2026-01-05T09:30:00Z", "2026-01-05T10:00:00Z", "2026-01-06T08:00:42Z"))
waited <- as.period(answered - opened)
print(waited)
cat("sum:", sum(waited), " mean:", mean(waited), " greatest:", max(waited), " longer than an hour:", sum(waited > hours(1)), "\n")
print(summary(waited))
sums <- tapply(waited, c("bug", "bug", "docs"), sum)
cat("by label:", names(sums), sums, "\n")
seconds <- as.numeric(as.duration(waited))
cat("as durations, in seconds: sum", sum(seconds), " greatest", max(seconds), "\n")
quit(status = if (sum(waited) == 12 && max(waited) == 12 && sums[["bug"]] == 0 && sum(waited > hours(1)) == 3 &&
                  sum(seconds) == 99012 && sum(c(minutes(90), hours(2), days(1))) == 0) 0 else 1)
R
Rscript --vanilla "$folder/sums.R"
