#!/bin/sh
# R's toJSON() and write_json() (jsonlite) write numbers with four digits after the point: a benchmark's 0.0000123 seconds
# become 0, and 0.00004 too, so of a call that became three times as slow nothing is left; a p-value of 0.00003 is 0.
# Large numbers are whole. One would guess what reads back as it was, as JSON.stringify and Python's json do, or digits
# that count from the first one that is not 0. A report's data, or a benchmark's history, kept as JSON has noughts, by
# which others divide. digits = NA writes all. Seen with jsonlite 1.8.4 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-jsonlite where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(jsonlite)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-jsonlite >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
library(jsonlite)
cat(R.version.string, "jsonlite", as.character(packageVersion("jsonlite")), "\n")
runs <- data.frame(commit = c("before", "after"), seconds = c(0.0000123, 0.00004), p = c(NA, 0.00003))
text <- toJSON(runs)
cat(text, "\n")
full <- toJSON(runs, digits = NA)
cat("with digits = NA:", full, "\n")
read <- fromJSON(text)
cat("seconds, read again:", read$seconds, " after / before:", read$seconds[2] / read$seconds[1], "\n")
large <- toJSON(c(12345678901, 1234.5))
cat("large:", large, "\n")
same <- identical(read$seconds, c(0L, 0L)) && read$p[2] == 0 && fromJSON(full)$seconds[2] == 0.00004 &&
  large == "[12345678901,1234.5]"
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
