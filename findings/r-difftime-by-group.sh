#!/bin/sh
# The unit of a difference of times in R depends on the smallest one of its vector: where all of a label's waits are
# days it is days, where one is of twenty minutes, minutes. So as.numeric(mean(closed - opened)), by label, with dplyr's
# summarise() or with sapply() over split(), is 60 for bugs (minutes) and 4 for docs (days), in one column, and the label
# that waits longest is sorted last; with one more quick answer the docs' 4 becomes 3850. No warning. One would guess
# one unit for one column. difftime(..., units = "hours") says it. Seen with R 4.2.2 and dplyr 1.0.10 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-dplyr where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(dplyr)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-dplyr >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(dplyr))
cat(R.version.string, "dplyr", as.character(packageVersion("dplyr")), "\n")
at <- function(text) as.POSIXct(text, format = "%Y-%m-%d %H:%M", tz = "UTC")
issues <- data.frame(
  label = c("bug", "bug", "docs", "docs"), opened = at("2026-01-05 09:00"),
  closed = at(c("2026-01-05 09:20", "2026-01-05 10:40", "2026-01-08 09:00", "2026-01-10 09:00"))
)
means <- function(rows) {
  list(summarise = summarise(group_by(rows, label), wait = as.numeric(mean(closed - opened)))$wait,
       sapply = unname(sapply(split(rows, rows$label), function(part) mean(part$closed - part$opened))))
}
first <- means(issues)
more <- means(rbind(issues, data.frame(label = "docs", opened = at("2026-01-05 09:00"), closed = at("2026-01-05 09:30"))))
cat("mean wait of bug and docs: summarise", first$summarise, " sapply", first$sapply, "\n")
cat("with one quick answer more for docs:", more$summarise, "\n")
hours <- sapply(split(issues, issues$label), function(part) mean(as.numeric(difftime(part$closed, part$opened, units = "hours"))))
cat("in hours:", hours, "\n")
same <- identical(first$summarise, c(60, 4)) && identical(first$sapply, c(60, 4)) && more$summarise[2] == 3850 &&
  identical(unname(hours), c(1, 96))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
