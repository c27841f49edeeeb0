#!/bin/sh
# Where the outcome of a pull request is a word, R's two usual ways to competing risks take another one for "not over
# yet": survfit() of a factor takes its first level, by the alphabet "closed", for those still under observation, and
# cuminc() (cmprsk) looks for the number 0, finds none, and takes "open" for a third way to end. Nothing is said. Of
# eight, three merged, two closed and three open, the share merged by day 6 is 0.425 by the first and 0.375 by the
# second; with "open" named it is 0.465 for both. One would guess an error, since neither was told. A project's share of
# merged work, and its speed, is off, and a column of numbers, in which 0 is open, is not. cencode = "open", and a
# factor that begins with it, do it. Seen with survival 3.5-3, cmprsk 2.2-11 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-survival and r-cran-cmprsk where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(survival); library(cmprsk)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-survival r-cran-cmprsk >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
library(survival)
library(cmprsk)
options(warn = 2)
for (name in c("survival", "cmprsk")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
days <- 1:8
state <- c("merged", "open", "closed", "merged", "open", "merged", "open", "closed")
merged_by_6 <- function(fit) {
  if (inherits(fit, "cuminc")) return(timepoints(fit, 6)$est["1 merged", 1])
  part <- summary(fit, times = 6)
  part$pstate[, part$states == "merged"]
}
found <- round(c(survfit = merged_by_6(survfit(Surv(days, factor(state)) ~ 1)),
                 cuminc = merged_by_6(cuminc(days, state)),
                 survfit_open_first = merged_by_6(survfit(Surv(days, factor(state, c("open", "closed", "merged"))) ~ 1)),
                 cuminc_cencode = merged_by_6(cuminc(days, state, cencode = "open"))), 3)
print(found)
print(rownames(timepoints(cuminc(days, state), 6)$est))
quit(status = if (identical(unname(found), c(0.425, 0.375, 0.465, 0.465))) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
