#!/bin/sh
# The median wait of four issues that were answered after 1, 2, 10 and 20 days is 6 days in R and 10 in statsmodels. The
# curve of those still waiting lies at one half from day 2 to day 10; R's survfit() takes the middle of that step,
# SurvfuncRight.quantile(0.5) the first day on which fewer than half wait, and a textbook's "first day on which no more
# than half wait" is day 2. One would guess one median, and that of an even number, all answered, the usual one, as R
# has it. With few issues a label or release a step of just one half is common, and by it a team is three or five times
# as slow in one report as in the other. Seen with survival 3.5-3, R 4.2.2 and statsmodels 0.13.5 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-survival and python3-statsmodels where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(survival)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-survival >/dev/null
/usr/bin/python3 -c 'import statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-statsmodels >/dev/null
Rscript --vanilla -e '
library(survival)
half <- unname(summary(survfit(Surv(c(1, 2, 10, 20), rep(1, 4)) ~ 1))$table["median"])
cat("survival", as.character(packageVersion("survival")), R.version.string, ": median", half, "\n")
quit(status = if (half == 6) 0 else 1)'
/usr/bin/python3 -c '
import statsmodels
from statsmodels.duration.survfunc import SurvfuncRight
half = SurvfuncRight([1, 2, 10, 20], [1] * 4).quantile(0.5)
print("statsmodels", statsmodels.__version__, ": median", half)
raise SystemExit(0 if half == 10 else 1)'
