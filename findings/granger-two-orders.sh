#!/bin/sh
# "Does x lead y?" is asked in opposite orders: R's grangertest(x, y) (lmtest) asks whether x helps to foretell y, as
# one would guess; statsmodels' grangercausalitytests(table[["x", "y"]]) whether the SECOND column helps to foretell the
# first. Of complaints that follow releases by a week, R says of (releases, complaints) p < 1e-15, statsmodels of the
# same order p = 0.77, and the reverse of ["complaints", "releases"]. Nothing in what is printed names the columns. Who
# moves an analysis from one to the other finds that complaints cause releases. Seen with lmtest 0.9-40, R 4.2.2 and
# statsmodels 0.13.5 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-lmtest and python3-statsmodels where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(lmtest)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-lmtest >/dev/null
/usr/bin/python3 -c 'import statsmodels' 2>/dev/null || apt-get install -y --no-install-recommends python3-statsmodels >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >show.R <<'R'
suppressMessages(library(lmtest))
set.seed(1)
releases <- rnorm(200)
complaints <- c(0, releases[-200]) + rnorm(200, 0, 0.3)
write.csv(data.frame(releases, complaints), "weeks.csv", row.names = FALSE)
p <- c(grangertest(releases, complaints)[["Pr(>F)"]][2], grangertest(complaints, releases)[["Pr(>F)"]][2])
cat("lmtest", as.character(packageVersion("lmtest")), R.version.string, ": (releases, complaints)", p[1],
    " (complaints, releases)", p[2], "\n")
quit(status = if (p[1] < 1e-15 && p[2] > 0.1) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import csv
import sys

import numpy
import statsmodels
from statsmodels.tsa.stattools import grangercausalitytests

weeks = numpy.array([[float(row["releases"]), float(row["complaints"])] for row in csv.DictReader(open("weeks.csv"))])
p = [grangercausalitytests(columns, [1], verbose=False)[1][0]["ssr_ftest"][1] for columns in (weeks, weeks[:, ::-1])]
print("statsmodels", statsmodels.__version__, ": [releases, complaints] %.3g [complaints, releases] %.3g" % tuple(p))
sys.exit(0 if p[0] > 0.1 and p[1] < 1e-15 else 1)
PY
/usr/bin/python3 show.py
