#!/bin/sh
# R's auc() and roc() (pROC) turn a score round that is worse than chance: direction = "auto" takes the group with the
# higher median for the cases. A score that puts sound pull requests before broken ones has an AUC of 0.125 by its
# definition, and by sklearn; pROC says 0.875. One would guess that the AUC tells just that. Who compares predictors, or
# one predictor by module, sees each as better than a coin, the inverted ones as the best, and only a line on standard
# error, "Setting direction: controls > cases", tells; quiet = TRUE, which scripts set, takes it away. direction = "<"
# gives the true one. Seen with pROC 1.18.0, R 4.2.2 and scikit-learn 1.2.1 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-proc and python3-sklearn where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(pROC)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-proc >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(pROC))
cat(R.version.string, "pROC", as.character(packageVersion("pROC")), "\n")
broken <- c(0, 0, 0, 0, 1, 1, 1, 1)
score <- c(0.9, 0.8, 0.7, 0.3, 0.6, 0.2, 0.1, 0.35)
default <- as.numeric(auc(roc(broken, score, quiet = TRUE)))
fixed <- as.numeric(auc(roc(broken, score, direction = "<", quiet = TRUE)))
noise <- sapply(1:50, function(seed) {
  set.seed(seed)
  as.numeric(auc(roc(broken, runif(8), quiet = TRUE)))
})
cat("AUC:", default, " with direction = \"<\":", fixed, " mean AUC of 50 scores of pure noise:", mean(noise), "\n")
quit(status = if (default == 0.875 && fixed == 0.125 && mean(noise) > 0.6) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
/usr/bin/python3 -c 'import sklearn' 2>/dev/null || apt-get install -y --no-install-recommends python3-sklearn >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import sklearn
from sklearn.metrics import roc_auc_score

value = roc_auc_score([0, 0, 0, 0, 1, 1, 1, 1], [0.9, 0.8, 0.7, 0.3, 0.6, 0.2, 0.1, 0.35])
print("scikit-learn", sklearn.__version__, "AUC:", value)
sys.exit(0 if value == 0.125 else 1)
PY
