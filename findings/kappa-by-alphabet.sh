#!/bin/sh
# Weighted kappa, by which one asks whether two people judge alike on a scale, takes the scale from the alphabet: for
# scikit-learn's cohen_kappa_score() and for cohen.kappa() of R's psych "high" is next to "low", and "medium" the far
# end. Two triagers who call the same issues "high" and "low", the greatest disagreement that there is, differ by one
# step: the quadratic kappa of six issues with two such is 0.75 for both, where the scale's own order gives 0. Nothing
# is said. One would guess an error for words without an order, since the weights have no meaning then. Severities and
# priorities are words, and those who disagree most seem to agree. labels=["low", "medium", "high"] (sklearn), and
# levels = (psych), give the order. Seen with scikit-learn 1.2.1, psych 2.2.9 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages python3-sklearn, r-base-core and r-cran-psych where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(psych)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-psych >/dev/null
/usr/bin/python3 -c 'import sklearn' 2>/dev/null || apt-get install -y --no-install-recommends python3-sklearn >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >show.py <<'PY'
import sys

import sklearn
from sklearn.metrics import cohen_kappa_score

ada = ["low", "low", "medium", "medium", "high", "high"]
bob = ["high", "low", "medium", "medium", "low", "high"]
words = cohen_kappa_score(ada, bob, weights="quadratic")
scale = cohen_kappa_score(ada, bob, weights="quadratic", labels=["low", "medium", "high"])
print("scikit-learn %s: by words %.3f, by the scale %.3f" % (sklearn.__version__, words, abs(scale)))
sys.exit(0 if round(words, 6) == 0.75 and abs(scale) < 1e-9 else 1)
PY
/usr/bin/python3 show.py
cat >show.R <<'R'
suppressMessages(library(psych))
judged <- data.frame(ada = c("low", "low", "medium", "medium", "high", "high"),
                     bob = c("high", "low", "medium", "medium", "low", "high"))
words <- suppressWarnings(cohen.kappa(judged)$weighted.kappa) # warns of the interval, which is cut at 1
scale <- suppressWarnings(cohen.kappa(judged, levels = c("low", "medium", "high"))$weighted.kappa)
cat("psych", as.character(packageVersion("psych")), R.version.string, ": by words", words, " by the scale", scale, "\n")
quit(status = if (abs(words - 0.75) < 1e-9 && abs(scale) < 1e-9) 0 else 1)
R
Rscript --vanilla show.R
