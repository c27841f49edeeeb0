#!/bin/sh
# scikit-learn's LogisticRegression is no logistic regression, as it comes: it pulls coefficients towards nought
# (penalty "l2", C = 1), so of forty pull requests, of which 16 of 20 with tests and 8 of 20 without were merged, the
# odds ratio is 3.3 where R's glm(), statsmodels and the table itself have 6. And what it pulls most depends on the
# unit: with the lines changed in thousands in place of lines, the same data say that size matters far less (0.85 and
# 0.47 for a hundred more). One would guess what the name says, or that units make no difference. A report on "what
# makes a pull request be merged" is too timid, the fewer the cases the more, and ranks reasons by their units.
# penalty=None (1.2 and later) is the plain one. Seen with scikit-learn 1.2.1, statsmodels 0.13.5 and R 4.2.2 (Debian
# 12).
# Needs apt-get; installs Debian's packages r-base-core, python3-sklearn and python3-statsmodels where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'q()' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core >/dev/null
/usr/bin/python3 -c 'import sklearn, statsmodels' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-sklearn python3-statsmodels >/dev/null
Rscript --vanilla -e '
pulls <- data.frame(tests = rep(1:0, each = 20), merged = rep(c(1, 0, 1, 0), c(16, 4, 8, 12)))
odds <- unname(exp(coef(glm(merged ~ tests, binomial, pulls))["tests"]))
cat(R.version.string, ": odds ratio", odds, "\n")
quit(status = if (abs(odds - 6) < 1e-6) 0 else 1)'
/usr/bin/python3 - <<'PY'
import math
import sys

import numpy
import sklearn
import statsmodels
from sklearn.linear_model import LogisticRegression
from statsmodels.api import Logit, add_constant

tests = numpy.repeat([1.0, 0.0], 20)
merged = numpy.repeat([1, 0, 1, 0], [16, 4, 8, 12])


def odds(column, unit=1, **options):
    fit = LogisticRegression(max_iter=10000, **options).fit(column.reshape(-1, 1) / unit, merged)
    return math.exp(fit.coef_[0][0] / unit)


plain = math.exp(Logit(merged, add_constant(tests)).fit(disp=0).params[1])
usual, free = odds(tests), odds(tests, penalty=None)
print("statsmodels %s: %.2f; scikit-learn %s: %.2f, with penalty=None %.2f" % (statsmodels.__version__, plain, sklearn.__version__, usual, free))
lines = numpy.tile([20.0, 50.0, 100.0, 400.0, 900.0], 8)
lines[merged == 1] /= 4
per_hundred = [odds(lines / 100, unit) for unit in (0.01, 10)]
print("odds for a hundred lines more, given in lines %.3f, in thousands %.3f" % tuple(per_hundred))
same = abs(plain - 6) < 1e-6 and 3.1 < usual < 3.6 and abs(free - 6) < 0.01 and per_hundred[1] > 1.3 * per_hundred[0]
sys.exit(0 if same else 1)
PY
