#!/bin/sh
# statsmodels' OLS fits a line through the origin unless a column of ones is added, and its R-squared is then another
# figure under the same name: how much less than NOUGHT the values differ from the line, not how much less than from
# their mean. Of a hundred builds of some 60 minutes each, without any trend, OLS(minutes, number) says that they grow
# by 0.89 minutes with each build, p = 3e-31, R-squared 0.75; with add_constant it is -0.01, p = 0.54 and 0.004, as R's
# lm() has it. One would guess that a regression has an intercept, or that a line which explains nothing has an
# R-squared of nothing. A gate on "builds get slower", or a report of what explains what, finds a strong trend in
# whatever is never nought. Seen with statsmodels 0.13.5 and numpy 1.24.2 (Debian 12).
# Needs apt-get; installs Debian's package python3-statsmodels where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-statsmodels >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import numpy
import statsmodels
from statsmodels.api import OLS, add_constant

print("statsmodels", statsmodels.__version__, "numpy", numpy.__version__)
number = numpy.arange(1, 101)
minutes = 60 + numpy.random.default_rng(1).normal(0, 5, 100)
plain = OLS(minutes, number).fit()
usual = OLS(minutes, add_constant(number)).fit()
for name, fit in (("OLS(minutes, number)", plain), ("with add_constant", usual)):
    print("%-21s a build more: %+.3f minutes, p = %.2g, R-squared %.3f" % (name, fit.params[-1], fit.pvalues[-1], fit.rsquared))
same = plain.rsquared > 0.7 and plain.pvalues[-1] < 1e-20 and usual.rsquared < 0.01 and usual.pvalues[-1] > 0.5
sys.exit(0 if same else 1)
PY
