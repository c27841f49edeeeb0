#!/bin/sh
# R's Surv(time, status) tells the coding of status by its greatest value: in a column of 1 (still open) and 2 (answered)
# 2 is the event, but in a part of the same data that has no 2, 1 is. So a label whose issues nobody ever answered has all
# of them answered, with a fine median, and no warning. One would guess that a code means the same in all groups of a data
# frame. Who cuts waiting times by label or by year, one call each, sees the worst group as the best served; one formula
# with all groups, or status == 2, is right. Seen with R 4.2.2 and survival 3.5-3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-survival where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
Rscript -e 'library(survival)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-survival >apt.log 2>&1
cat >waits.R <<'R'
library(survival)
cat(R.version.string, "\nsurvival", as.character(packageVersion("survival")), "\n")
issues <- data.frame(label = c("crash", "crash", "crash", "docs", "docs", "docs"),
                     days = c(3, 5, 40, 100, 200, 300),
                     status = c(2, 2, 1, 1, 1, 1)) # 1 still open, 2 answered
docs <- issues[issues$label == "docs", ]
together <- summary(survfit(Surv(days, status) ~ label, issues))$table["label=docs", ]
alone <- summary(survfit(Surv(days, status) ~ 1, docs))$table
plain <- summary(survfit(Surv(days, status == 2) ~ 1, docs))$table
cat("Surv of docs alone:          ", format(Surv(docs$days, docs$status)), "\n")
cat("Surv of docs within all:     ", format(Surv(issues$days, issues$status)[4:6]), "\n")
cat("docs, one formula for all:   events", together[["events"]], "median", together[["median"]], "\n")
cat("docs alone:                  events", alone[["events"]], "median", alone[["median"]], "\n")
cat("docs alone, status == 2:     events", plain[["events"]], "median", plain[["median"]], "\n")
quit(status = !(together[["events"]] == 0 && alone[["events"]] == 3 && alone[["median"]] == 200 && plain[["events"]] == 0))
R
Rscript waits.R
