#!/bin/sh
# R and statsmodels give two hazard ratios for the same waiting times: where many are equal, as of days that are counted
# whole, R's coxph() shares them out by Efron's method and statsmodels' PHReg by Breslow's, each unless told. Of a hundred
# pull requests, half of them newcomers', the ratio is 0.43 in R and 0.51 in Python: newcomers' are merged at less than
# half the pace, or at half of it. One would guess the same to the last digits, as it is where no two are equal. Reports
# that two people make of one table do not agree, and Breslow's is nearer to 1 the more days are equal. ties="efron"
# makes both alike. Seen with survival 3.5-3, R 4.2.2 and statsmodels 0.13.5 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-survival and python3-statsmodels where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(survival)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-survival >/dev/null
/usr/bin/python3 -c 'import statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-statsmodels >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >show.R <<'R'
library(survival)
cat(R.version.string, "survival", as.character(packageVersion("survival")), "\n")
days <- c(rep(1:3, c(30, 10, 5)), rep(5, 5), rep(1:3, c(8, 12, 10)), rep(5, 20))
waits <- data.frame(days, newcomer = rep(0:1, each = 50), merged = 1)
write.csv(waits, "waits.csv", row.names = FALSE)
efron <- exp(coef(coxph(Surv(days, merged) ~ newcomer, waits)))
breslow <- exp(coef(coxph(Surv(days, merged) ~ newcomer, waits, ties = "breslow")))
cat("R: hazard ratio", efron, " with ties = \"breslow\"", breslow, "\n")
quit(status = if (round(efron, 3) == 0.433 && round(breslow, 3) == 0.509) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import csv
import math
import sys

import statsmodels
from statsmodels.duration.hazard_regression import PHReg

rows = list(csv.DictReader(open("waits.csv")))
days = [float(row["days"]) for row in rows]
newcomer = [[float(row["newcomer"])] for row in rows]
default = math.exp(PHReg(days, newcomer).fit().params[0])
efron = math.exp(PHReg(days, newcomer, ties="efron").fit().params[0])
print("statsmodels %s: hazard ratio %.7f, with ties=\"efron\" %.7f" % (statsmodels.__version__, default, efron))
sys.exit(0 if round(default, 3) == 0.509 and round(efron, 3) == 0.433 else 1)
PY
/usr/bin/python3 show.py
