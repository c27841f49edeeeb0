#!/bin/sh
# R's confusionMatrix() (caret) takes the first level for the positive one, and levels are in order of the alphabet: of
# "no" and "yes" it is "no". Of 100 tests, ten of them flaky, a classifier finds two; the Sensitivity is 0.978, which is
# the share of sound tests called sound, and that of the flaky ones stands under Specificity, 0.2. R's own glm() takes the
# same factor's second level for the event, and sklearn's recall_score 1 or True. One would guess the rare one, or that of
# glm. A table of how well flaky tests, or duplicates, are found says nearly all where nearly none is. positive = "yes"
# says it. Seen with caret 6.0-93 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-caret where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(caret)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-caret >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(caret))
cat(R.version.string, "caret", as.character(packageVersion("caret")), "\n")
flaky <- factor(rep(c("no", "yes"), c(90, 10)))
called <- factor(c(rep("no", 88), "yes", "yes", rep("no", 8), "yes", "yes"))
default <- confusionMatrix(called, flaky)
named <- confusionMatrix(called, flaky, positive = "yes")
print(default$table)
cat("positive:", default$positive, "\n")
print(default$byClass[c("Sensitivity", "Specificity")])
cat("with positive = \"yes\":\n")
print(named$byClass[c("Sensitivity", "Specificity")])
score <- as.numeric(called == "yes")
event <- coef(glm(flaky ~ score, family = binomial))[["score"]]
cat("glm: the log odds of its event for those that are called flaky:", event, "\n")
same <- default$positive == "no" && abs(default$byClass[["Sensitivity"]] - 88 / 90) < 1e-9 &&
  abs(named$byClass[["Sensitivity"]] - 0.2) < 1e-9 && event > 0
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
