#!/bin/sh
# Are 8 of 10 merged pull requests with tests more than 3 of 10 without? R's prop.test() says p = 0.072, statsmodels'
# proportions_ztest() p = 0.025, for the same test: R takes Yates' correction unless told, statsmodels has none. scipy's
# chi2_contingency() is with R for a table of two rows and two columns, and has no correction for any larger one. One
# would guess one p-value for the difference of two shares. A gate or a report that draws its line at 5 % says yes in
# Python and no in R, with as few cases as a project has in a month. correct = FALSE, and correction=False, make all
# alike. Seen with R 4.2.2, statsmodels 0.13.5 and scipy 1.10.1 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, python3-scipy and python3-statsmodels where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
/usr/bin/python3 -c 'import scipy, statsmodels' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-scipy python3-statsmodels >/dev/null
Rscript --vanilla -e 'options(warn = -1); cat(R.version.string, "\n")
p <- c(prop.test(c(8, 3), c(10, 10))$p.value, prop.test(c(8, 3), c(10, 10), correct = FALSE)$p.value)
cat("prop.test:", round(p[1], 4), "correct = FALSE:", round(p[2], 4), "\n")
quit(status = if (abs(p[1] - 0.0722) < 1e-4 && abs(p[2] - 0.0246) < 1e-4) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys

import scipy
import statsmodels
from scipy.stats import chi2_contingency
from statsmodels.stats.proportion import proportions_ztest

print("statsmodels", statsmodels.__version__, "scipy", scipy.__version__)
z = proportions_ztest([8, 3], [10, 10])[1]
table = chi2_contingency([[8, 2], [3, 7]])[1]
plain = chi2_contingency([[8, 2], [3, 7]], correction=False)[1]
print("proportions_ztest: %.4f chi2_contingency: %.4f correction=False: %.4f" % (z, table, plain))
sys.exit(0 if abs(z - 0.0246) < 1e-4 and abs(table - 0.0722) < 1e-4 and abs(plain - z) < 1e-9 else 1)
PY
