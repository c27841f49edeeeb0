#!/bin/sh
# One fit of R's survival has two medians: of four issues, two answered after 1 and 2 days and two still open after 40
# and 90, printing survfit() says that the median wait is 2 days, as does summary()'s table, and median() and quantile()
# of the same fit say 46. Half are answered on day 2 and no more ever are, so the curve lies at one half to its end;
# median() takes the middle of that stretch, and ends it at 90, where nobody is known to have been answered; printing
# goes on to its beginning where no event follows. With an event behind it both take the middle (11 for 1, 2, 20). One
# would guess that what is printed and what is asked for is one figure; a report by hand and one by script of the same
# data differ by six weeks. Seen with R 4.2.2 and survival 3.5-3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-survival where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
Rscript -e 'library(survival)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-survival >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/medians.R" <<'R'
options(warn = 2)
library(survival)
cat(R.version.string, "survival", as.character(packageVersion("survival")), "\n")
medians <- function(days, answered) {
  fit <- survfit(Surv(days, answered) ~ 1)
  print(fit)
  found <- c(table = summary(fit)$table[["median"]], median = median(fit)[[1]], quantile = quantile(fit, 0.5)$quantile[[1]])
  print(found)
  unname(found)
}
open <- medians(c(1, 2, 40, 90), c(1, 1, 0, 0))
done <- medians(c(1, 2, 20, 90), c(1, 1, 1, 0))
half <- medians(c(1, 2, 10, 20), c(1, 1, 0, 1))
quit(status = if (all(open == c(2, 46, 46)) && all(done == 11) && all(half == 11)) 0 else 1)
R
Rscript "$folder/medians.R"
