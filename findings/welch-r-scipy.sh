#!/bin/sh
# R's t.test() and scipy's ttest_ind() answer two questions: R's default is Welch's test, scipy's pools the spread of both
# groups. Of a hundred quiet runs of a benchmark before a change and five wavering ones after, scipy says p = 0.0002, R
# p = 0.39. One would guess that a t-test of two samples is one thing. Pooling goes wrong just here: the many quiet runs
# lend their small spread to the few new ones, and a gate that asks scipy stops changes that did nothing.
# equal_var=False makes both alike. Seen with R 4.2.2 and scipy 1.10.1 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and python3-scipy where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'q()' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core >/dev/null
/usr/bin/python3 -c 'import scipy' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >show.R <<'R'
before <- rep(c(9.8, 9.9, 10, 10.1, 10.2), 20)
after <- c(9, 11.5, 10.9, 9.8, 11)
found <- t.test(before, after)$p.value
cat(R.version.string, " p", found, " with var.equal = TRUE", t.test(before, after, var.equal = TRUE)$p.value, "\n")
quit(status = if (found > 0.2) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import sys

import scipy
from scipy.stats import ttest_ind

before = [9.8, 9.9, 10, 10.1, 10.2] * 20
after = [9, 11.5, 10.9, 9.8, 11]
found = ttest_ind(before, after).pvalue
welch = ttest_ind(before, after, equal_var=False).pvalue
print("scipy", scipy.__version__, " p", found, " with equal_var=False", welch)
sys.exit(0 if found < 0.001 and welch > 0.2 else 1)
PY
/usr/bin/python3 show.py
