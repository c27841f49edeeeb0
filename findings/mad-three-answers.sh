#!/bin/sh
# "mad" of five times, 1, 2, 3, 4 and 100 seconds, is 1 in scipy, 1.48 in statsmodels and R, and 31.2 in pandas: scipy's
# median_abs_deviation() is the plain median of deviations, those of statsmodels and R are scaled to a normal deviation by
# default, and that of pandas takes means, of deviations from the mean, which one outlier carries off. One would guess one
# answer, as all are called MAD. What counts as an outlier, "slower than median + 3 MAD", begins at 6, at 7.4 or at 96.6
# seconds: a slow run that one script reports is noise to the next. Seen with scipy 1.10.1, pandas 1.5.3 (which warns
# that mad() will go), statsmodels 0.13.5 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages of these where they are missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import scipy, pandas, statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy python3-pandas python3-statsmodels >/dev/null
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
/usr/bin/python3 - <<'PY'
import subprocess
import sys
import warnings

import pandas
import scipy
import scipy.stats
import statsmodels
from statsmodels.robust.scale import mad

warnings.simplefilter("ignore")
seconds = [1, 2, 3, 4, 100]
found = {
    "scipy " + scipy.__version__: float(scipy.stats.median_abs_deviation(seconds)),
    "statsmodels " + statsmodels.__version__: float(mad(seconds)),
    "pandas " + pandas.__version__: float(pandas.Series(seconds).mad()),
    "R": float(subprocess.check_output(["Rscript", "--vanilla", "-e", "cat(mad(c(1, 2, 3, 4, 100)))"])),
}
for name, value in found.items():
    print("%s: %.4f, median + 3 MAD = %.1f" % (name, value, 3 + 3 * value))
sys.exit(0 if [round(value, 2) for value in found.values()] == [1, 1.48, 31.2, 1.48] else 1)
PY
