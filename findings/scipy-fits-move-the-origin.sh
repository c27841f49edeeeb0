#!/bin/sh
# scipy's fit() of a distribution moves its origin to the smallest value: of waits of 2, 3, 5, 8 and 12 days expon.fit()
# has loc 2 and scale 4, and "the mean wait is the scale" is short by two days, the mean being 6; weibull_min.fit() has
# a shape of 0.77, under 1, by which the longer one has waited the longer one will, and with the origin at nought 1.75,
# which says the opposite. R's fitdistr() (MASS) has a rate of 1/6 and the shape 1.75. One would guess a wait that
# begins when it begins. floc=0 holds it there. Who compares with R, or takes the scale, or the shape, out of the tuple,
# forecasts something else. Seen with scipy 1.10.1, MASS 7.3-58.2 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages python3-scipy, r-base-core and r-cran-mass where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import scipy' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy >/dev/null
Rscript -e 'library(MASS)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-mass >/dev/null
Rscript --vanilla -e 'suppressMessages(library(MASS))
waits <- c(2, 3, 5, 8, 12)
mean_wait <- 1 / fitdistr(waits, "exponential")$estimate[["rate"]]
shape <- suppressWarnings(fitdistr(waits, "weibull"))$estimate[["shape"]]
cat(R.version.string, "MASS", as.character(packageVersion("MASS")), " exponential: mean", mean_wait, " Weibull: shape", shape, "\n")
quit(status = if (abs(mean_wait - 6) < 1e-9 && abs(shape - 1.75) < 0.01) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys
import warnings

import scipy
from scipy import stats

warnings.simplefilter("ignore")
waits = [2, 3, 5, 8, 12]
loc, scale = stats.expon.fit(waits)
shape, weibull_loc, _ = stats.weibull_min.fit(waits)
held, _, _ = stats.weibull_min.fit(waits, floc=0)
print("scipy", scipy.__version__, "expon.fit: loc", loc, "scale", scale, " weibull_min.fit: shape", round(shape, 3), "loc", round(weibull_loc, 3))
print("with floc=0: scale", stats.expon.fit(waits, floc=0)[1], " shape", round(held, 3))
same = (loc, scale) == (2.0, 4.0) and shape < 1 and abs(weibull_loc - 2) < 0.01 and abs(held - 1.75) < 0.01
sys.exit(0 if same else 1)
PY
