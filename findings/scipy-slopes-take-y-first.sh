#!/bin/sh
# scipy's robust lines take their arguments the other way round: linregress(x, y), but theilslopes(y, x) and
# siegelslopes(y, x). Who swaps linregress for theilslopes since a benchmark has outliers gets builds by second in place
# of seconds by build: of a step of 2 seconds a build the slope is 0.5, with an interval and without an error. One would
# guess one order in one module, all the more as both are called for the same line and hand back "slope" and
# "intercept". Slow growth reads as fast, and what is flat as steep. Seen with scipy 1.10.1 (Debian 12).
# Needs apt-get; installs Debian's package python3-scipy where it is missing. Exits non-zero where it behaves otherwise.
set -eu
/usr/bin/python3 -c 'import scipy' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import scipy
from scipy.stats import linregress, siegelslopes, theilslopes

build = [1, 2, 3, 4, 5, 6, 7, 8]
seconds = [62, 64, 66, 68, 70, 72, 74, 76]
found = [round(line(build, seconds)[0], 6) for line in (linregress, theilslopes, siegelslopes)]
turned = [round(line(seconds, build)[0], 6) for line in (theilslopes, siegelslopes)]
print("scipy", scipy.__version__, "slope by linregress, theilslopes, siegelslopes (build, seconds):", found)
print("the latter two of (seconds, build):", turned)
sys.exit(0 if found == [2, 0.5, 0.5] and turned == [2, 2] else 1)
PY
