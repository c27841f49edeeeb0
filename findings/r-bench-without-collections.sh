#!/bin/sh
# bench::mark(), R's benchmark harness, leaves out each run in which garbage was collected, and what it prints as runs
# per second is of the others: of a hundred runs of a function that fills a vector, three took up to 25 times as long,
# since they paid for the memory of all, and "itr/sec" says 1700 where 1400 a second were done. It is so unless some
# function had a collection in every run: then none is left out, so of two functions compared the leaner one decides how
# the other is counted. One would guess that iterations per second are iterations by seconds. What makes a function
# allocate more hardly shows; filter_gc = FALSE counts all. Seen with R 4.2.2 and bench 1.1.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-bench where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
Rscript -e 'library(bench)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-bench >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/bench.R" <<'R'
suppressMessages(library(bench))
cat(R.version.string, "bench", as.character(packageVersion("bench")), "\n")
fill <- function() {
  x <- numeric(2e5)
  x[1] <- 1
  for (i in 1:20000) i
  x
}
result <- mark(fill(), iterations = 200, check = FALSE)
seconds <- as.numeric(result$time[[1]])
all_runs <- length(seconds) / sum(seconds)
cat("runs made:", length(seconds), "counted:", result$n_itr, "collections:", result$n_gc, "\n")
cat("runs per second, printed:", result$`itr/sec`, "made:", all_runs, "with filter_gc = FALSE:", summary(result, filter_gc = FALSE)$`itr/sec`, "\n")
cat("longest run:", max(seconds), "median:", as.numeric(result$median), "\n")
quit(status = if (result$n_itr < 200 && result$n_gc > 0 && result$`itr/sec` > all_runs && abs(summary(result, filter_gc = FALSE)$`itr/sec` / all_runs - 1) < 1e-6) 0 else 1)
R
Rscript "$folder/bench.R"
