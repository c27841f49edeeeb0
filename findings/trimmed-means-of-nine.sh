#!/bin/sh
# A mean that is trimmed by a tenth trims nothing off nine values: of 1 to 8 and 100 days R's mean(x, trim = 0.1),
# psych's describe(), which has a column "trimmed", and scipy's trim_mean(x, 0.1) all say 15.1, the plain mean; with one
# more value, 9, it is 5.5. A tenth of nine is 0.9, and what is cut is a whole number, rounded down; so scipy's
# winsorize(), asked for a tenth, leaves the 100. One would guess that trimming takes the outlier off, some weight of it
# at least, or a word. By label, by week or by reviewer there are nine values and fewer in most groups, so a robust
# column is robust for the large ones alone, and the odd ones out among the small ones are the outliers it was to keep
# away. Seen with R 4.2.2, psych 2.2.9 and scipy 1.10.1 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-psych and python3-scipy where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
Rscript -e 'suppressMessages(library(psych))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-psych >/dev/null
/usr/bin/python3 -c 'import scipy' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy >/dev/null
Rscript --vanilla -e 'suppressMessages(library(psych))
nine <- c(1:8, 100)
found <- c(mean(nine), mean(nine, trim = 0.1), describe(nine)$trimmed, mean(c(nine, 9), trim = 0.1))
cat(R.version.string, "psych", format(packageVersion("psych")), "\nmean, trim, describe, with one more:", round(found, 2), "\n")
quit(status = if (all(found[2:3] == found[1]) && found[4] == 5.5) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys

import numpy
import scipy
from scipy.stats import mstats, trim_mean

nine = numpy.array([1, 2, 3, 4, 5, 6, 7, 8, 100.0])
trimmed, more, greatest = trim_mean(nine, 0.1), trim_mean(numpy.append(nine, 9), 0.1), mstats.winsorize(nine, limits=0.1).max()
print("scipy", scipy.__version__, "trim_mean: %.2f, with one more: %.2f; winsorize: greatest %g" % (trimmed, more, greatest))
sys.exit(0 if abs(trimmed - nine.mean()) < 1e-9 and more == 5.5 and greatest == 100 else 1)
PY
