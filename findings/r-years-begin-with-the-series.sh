#!/bin/sh
# A year of R's aggregate() begins with the first month that there is: of monthly commits from November 2023 to August
# 2026, one a month, aggregate(series, FUN = sum) has the "years" 2023.833 and 2024.833, twelve each, from November to
# October, and the ten months behind are left out without a word. Quarters begin with the first month in the same way,
# and so March to May is one. One would guess calendar years, 2, 12, 12 and 8, as from xts' apply.yearly(), or at least
# all that there is. Printed beside a column of years the totals are those of other months, and the newest work counts
# for nothing. Seen with R 4.2.2 and xts 0.13.0 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-xts where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
Rscript -e 'library(xts)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-xts >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/years.R" <<'R'
options(warn = 2)
suppressMessages(library(xts))
cat(R.version.string, "xts", as.character(packageVersion("xts")), "\n")
commits <- ts(rep(1, 34), start = c(2023, 11), frequency = 12)
years <- aggregate(commits, FUN = sum)
calendar <- apply.yearly(xts(rep(1, 34), seq(as.Date("2023-11-01"), by = "month", length.out = 34)), sum)
quarters <- aggregate(ts(1:3, start = c(2026, 3), frequency = 12), nfrequency = 4, FUN = sum)
print(years)
print(calendar)
print(quarters)
ok <- all(years == 12) && length(years) == 2 && all(abs(time(years) - c(2023.833, 2024.833)) < 0.001) && all(coredata(calendar)[, 1] == c(2, 12, 12, 8)) && quarters == 6
quit(status = if (ok) 0 else 1)
R
Rscript "$folder/years.R"
