#!/bin/sh
# The matrix of p-values that corr.test() of R's psych hands back has two meanings: above the diagonal p-values are
# raised for the number of tests (Holm's way), below it they are as they come. So result$p["speed", "reviews"] is 0.37
# and result$p["reviews", "speed"] 0.06, for one correlation. One would guess that the matrix is symmetric, as that of
# the correlations beside it is. What is looked up by the names of two questions depends on which is named first; who
# asks for the least value of a row mixes both, and upper.tri() or lower.tri(), which one is as good as the other in a
# symmetric matrix, decide whether anything is significant. Printing says so in a line above it. adjust = "none" makes
# it symmetric. Seen with psych 2.2.9 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-psych where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(psych)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-psych >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(psych))
cat("psych", as.character(packageVersion("psych")), R.version.string, "\n")
set.seed(2)
answers <- data.frame(speed = rnorm(30))
answers$reviews <- answers$speed / 2 + rnorm(30)
answers$docs <- rnorm(30)
answers$tests <- rnorm(30) + 0.3 * answers$reviews
p <- corr.test(answers)$p
print(round(p, 3))
plain <- corr.test(answers, adjust = "none")$p
one <- cor.test(answers$speed, answers$reviews)$p.value
same <- abs(p["reviews", "speed"] - one) < 1e-9 && abs(p["speed", "reviews"] - 6 * one) < 1e-9 && isSymmetric(plain)
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
