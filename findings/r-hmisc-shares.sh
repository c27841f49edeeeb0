#!/bin/sh
# Weights that are shares break wtd.quantile() and wtd.var() of R's Hmisc: with ten times of 1 to 10 days and weights of 0.1
# each the median is 10, the greatest, as is every other quantile; with weights of 10 each it is 5.5. The variance is Inf.
# Weights are numbers of repetitions there, and the sum of them, 1, is the number of values. Nothing is said of quantiles.
# One would guess that weights which are all alike change nothing. Waiting times weighted by a label's share of issues, or
# by sampling, are the slowest of all. normwt = TRUE makes shares of any weights. Seen with Hmisc 4.8-0 and R 4.2.2 (Debian
# 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-hmisc where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(Hmisc)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-hmisc >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(Hmisc))
cat(R.version.string, "Hmisc", as.character(packageVersion("Hmisc")), "\n")
at <- c(0.1, 0.5, 0.9)
warned <- FALSE
found <- withCallingHandlers(wtd.quantile(1:10, rep(0.1, 10), at), warning = function(w) warned <<- TRUE)
whole <- wtd.quantile(1:10, rep(10, 10), at)
normed <- wtd.quantile(1:10, rep(0.1, 10), at, normwt = TRUE)
spread <- suppressWarnings(wtd.var(1:10, rep(0.1, 10)))
cat("quantiles of 10, 50 and 90 %: with 0.1 each", found, " with 10 each", whole, " with normwt", normed, "\n")
cat("variance with 0.1 each:", spread, " of the plain values:", var(1:10), "\n")
same <- all(found == 10) && !warned && whole[[2]] == 5.5 && normed[[2]] == 5.5 && is.infinite(spread)
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
