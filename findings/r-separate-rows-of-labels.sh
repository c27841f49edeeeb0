#!/bin/sh
# tidyr's separate_rows(), which makes a row of each label in "bug, good-first-issue", cuts at every sign that is
# neither a letter, a digit nor a full stop, unless told where: "good-first-issue" becomes three labels, "c++" becomes
# "c" and an empty one, "os:windows" two, "needs review" two. The full stop is spared, so "3.11" stays. No warning. One
# would guess that it cuts at the comma, as all cells have one, or asks. A table of issues by label counts "first",
# "issue" and "needs", and issues with long labels weigh more. sep = ", *" cuts at commas. Seen with tidyr 1.3.0 and R
# 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-tidyr where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(tidyr)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-tidyr >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(tidyr))
options(warn = 2)
cat("tidyr", as.character(packageVersion("tidyr")), R.version.string, "\n")
issues <- data.frame(issue = 1:3, labels = c("bug, good-first-issue", "3.11, c++", "os:windows"))
found <- separate_rows(issues, labels)$labels
commas <- separate_rows(issues, labels, sep = ", *")$labels
cat("by default:   ", dQuote(found, FALSE), "\nsep = \", *\":  ", dQuote(commas, FALSE), "\n")
same <- identical(found, c("bug", "good", "first", "issue", "3.11", "c", "", "os", "windows")) &&
  identical(commas, c("bug", "good-first-issue", "3.11", "c++", "os:windows"))
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
