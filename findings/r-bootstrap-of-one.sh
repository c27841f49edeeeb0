#!/bin/sh
# A bootstrap by hand in R, mean(sample(x, replace = TRUE)), makes up days for a group with one value: sample() of a
# single number n of 1 and more draws from 1 to n. Of a label whose one issue waited for 40 days the 95 % interval is 17
# to 24, narrow, as if dozens had been seen, and without the mean, 40. A group with one value of half a day is left
# alone. One would guess that drawing from one value gives that value. In a table by label, reviewer or release the
# groups with the fewest cases have the finest intervals, at half of what they waited. x[sample.int(length(x), replace =
# TRUE)] is safe, and boot() draws so. Seen with R 4.2.2 and boot 1.3-28.1 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-boot where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(boot)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-boot >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
cat("boot", as.character(packageVersion("boot")), R.version.string, "\n")
options(warn = 2)
set.seed(1)
waits <- list(docs = 40, quick = 0.5, bugs = c(1, 2, 2, 4, 9))
interval <- function(x) quantile(replicate(2000, mean(sample(x, replace = TRUE))), c(0.025, 0.975))
found <- t(sapply(waits, interval))
print(cbind(mean = sapply(waits, mean), found))
by_boot <- range(boot::boot(waits$docs, function(x, rows) mean(x[rows]), 2000)$t)
cat("docs by boot():", by_boot, "\n")
same <- found["docs", 1] > 10 && found["docs", 2] < 30 && all(found["quick", ] == 0.5) && identical(by_boot, c(40, 40))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
