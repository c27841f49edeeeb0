#!/bin/sh
# R's breakpoints() (strucchange) puts a change that is younger than 15 % of a series too early: where of 100 runs of a
# benchmark the last ten take twice as long, the change is found after the 85th, five runs too early; where the last
# three do, twelve too early; and five slow runs in the middle are fifteen. Its default h = 0.15 asks for as many runs
# in each part. One would guess that a step which anybody sees in the plot is found where it is, or not at all. Who asks
# which commit made it slower, right after it happened, blames an innocent one. A small h finds them. Seen with
# strucchange 1.5-3 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-strucchange where they are missing. Exits non-zero
# where it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(strucchange)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-strucchange >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/runs.R" <<'R'
suppressMessages(library(strucchange))
cat(R.version.string, "strucchange", as.character(packageVersion("strucchange")), "\n")
noise <- rep(c(0, 0.1, -0.1, 0.05), 25)
found <- function(parts, ...) {
  runs <- rep(rep(c(10, 20), length.out = length(parts)), parts) + noise
  paste(breakpoints(runs ~ 1, ...)$breakpoints, collapse = " ")
}
same <- TRUE
for (parts in list(c(80, 20), c(90, 10), c(97, 3), c(40, 5, 55))) {
  default <- found(parts)
  small <- found(parts, h = 0.02)
  true <- paste(head(cumsum(parts), -1), collapse = " ")
  cat("changes after runs", true, ": found after", default, ", with h = 0.02 after", small, "\n")
  expected <- switch(true, "80" = "80", "90" = "85", "97" = "85", "40 45" = "39 54")
  same <- same && small == true && default == expected
}
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/runs.R"
