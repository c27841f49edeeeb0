#!/bin/sh
# Python's statistics.quantiles() goes beyond what was measured: of 0.1, 5 and 9 seconds the 5th percentile is -3.8 s and
# the 95th 12.2 s. Its default, method="exclusive", carries on the line through the two outermost values where there are
# too few; R's type 6 and numpy's "weibull", the same rule, stop at the least and the greatest. One would guess figures
# between them. A report on few runs (under 19, for a p95) has a p95 above the slowest run ever, and negative times.
# method="inclusive" stays inside. Seen with Python 3.11.
# Needs python3; fetches nothing. Exits non-zero where it behaves otherwise.
set -eu
python3 --version
python3 - <<'PYTHON'
import statistics, sys
seconds = [0.1, 5, 9]
outside = statistics.quantiles(seconds, n=20)
inside = statistics.quantiles(seconds, n=20, method="inclusive")
many = statistics.quantiles(range(1, 20), n=20)
print("seconds:", seconds)
print("quantiles(n=20): p5", round(outside[0], 2), "p95", round(outside[-1], 2))
print('with method="inclusive": p5', round(inside[0], 2), "p95", round(inside[-1], 2))
print("of 19 values, 1 to 19: p5", many[0], "p95", many[-1])
sys.exit(not (outside[0] < 0 and outside[-1] > 12 and inside[0] > 0.1 and inside[-1] < 9 and many[-1] == 19))
PYTHON
