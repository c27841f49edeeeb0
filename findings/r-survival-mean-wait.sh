#!/bin/sh
# The restricted mean in R's summary(survfit(...))$table, and of print(..., print.rmean = TRUE), runs for every group to
# the longest time of ANY group: of documents that were open for at most 4 days, a quarter of them still so, it says 16.5
# days, since that quarter is taken as open for as long as the longest bug, 60 days. One would guess each group's own last
# time, beyond which nothing is known, or NA. Where one old issue is closed in another group, the mean of this one moves.
# rmean = "individual" ends each at its own (2.5 days), rmean = 4 all at one that all have. Seen with survival 3.5-3 and R
# 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-survival where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(survival)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-survival >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
library(survival)
cat(R.version.string, "survival", as.character(packageVersion("survival")), "\n")
issues <- data.frame(
  label = rep(c("docs", "bug"), each = 4), days = c(1, 2, 3, 4, 10, 20, 30, 60), closed = c(1, 1, 1, 0, 1, 1, 1, 1)
)
mean_of <- function(rows, ...) summary(survfit(Surv(days, closed) ~ label, rows), ...)$table["label=docs", "rmean"]
default <- mean_of(issues)
own <- mean_of(issues, rmean = "individual")
issues$days[8] <- 600
older <- mean_of(issues)
print(survfit(Surv(days, closed) ~ label, issues), print.rmean = TRUE)
cat("docs, open for at most 4 days: mean", default, " with rmean = \"individual\"", own, " with a bug of 600 days", older, "\n")
same <- default == 16.5 && own == 2.5 && older == 151.5
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
