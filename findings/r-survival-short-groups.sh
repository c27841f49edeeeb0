#!/bin/sh
# R's summary(survfit(...), times = c(1, 7, 30)) leaves out, for each group, the times that lie beyond its last one,
# without a word: where bugs were open for up to 60 days and documents for up to 4, it gives three rows and one. One
# would guess three rows a group, with NA or the last value where nothing is known. A table made of its column, one
# label a column, has another number of values than cells, and matrix() fills it by beginning anew: the docs' share of
# open issues stands under the bugs', and the bugs' under the docs'. extend = TRUE gives a row for every time. Seen with
# R 4.2.2 and survival 3.5-3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-survival where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
Rscript -e 'library(survival)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-survival >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/groups.R" <<'R'
options(warn = 2) # a warning would be an error
library(survival)
cat(R.version.string, "survival", as.character(packageVersion("survival")), "\n")
issues <- data.frame(
  label = rep(c("bug", "docs"), c(6, 4)),
  days = c(1, 2, 3, 40, 50, 60, 1, 2, 3, 4),
  answered = c(1, 1, 1, 1, 1, 0, 1, 1, 1, 0)
)
fit <- survfit(Surv(days, answered) ~ label, issues)
rows <- summary(fit, times = c(1, 7, 30))
print(data.frame(label = rows$strata, day = rows$time, still_open = rows$surv))
table <- matrix(rows$surv, ncol = 2, dimnames = list(NULL, c("bug", "docs")))
print(table)
whole <- summary(fit, times = c(1, 7, 30), extend = TRUE)
print(data.frame(label = whole$strata, day = whole$time, still_open = whole$surv))
quit(status = if (length(rows$surv) == 4 && table[1, "docs"] == 0.5 && length(whole$surv) == 6) 0 else 1)
R
Rscript --vanilla "$folder/groups.R"
