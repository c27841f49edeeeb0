#!/bin/sh
# proportion_confint(0, 20) of statsmodels says (0, 0): of a test that failed in none of twenty runs it is sure that it
# never fails, and one that failed in all twenty always will; of 1 in 20 the interval begins at 0, having been cut there.
# Its default, method="normal", takes the spread of what was seen, and of nought that is nought. One would guess up to
# some 16 %, as method="wilson", "beta", and R's binom.test and prop.test have it. Who calls tests sound, or a fix good,
# when the interval lies below a limit, does so after a single green run. Seen with statsmodels 0.13.5 (Debian 12).
# Needs apt-get; installs Debian's package python3-statsmodels where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-statsmodels >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import statsmodels
from statsmodels.stats.proportion import proportion_confint

print("statsmodels", statsmodels.__version__)
pairs = [(0, 20), (20, 20), (1, 20), (0, 1)]
found = {pair: tuple(round(float(end), 3) for end in proportion_confint(*pair)) for pair in pairs}
wilson = {pair: tuple(round(float(end), 3) for end in proportion_confint(*pair, method="wilson")) for pair in pairs}
for pair in pairs:
    print("%d of %d failed:" % pair, found[pair], "wilson:", wilson[pair])
sys.exit(
    0
    if found[(0, 20)] == found[(0, 1)] == (0, 0) and found[(20, 20)] == (1, 1) and found[(1, 20)][0] == 0
    and wilson[(0, 20)] == (0, 0.161) and wilson[(0, 1)][1] > 0.7
    else 1
)
PY
