#!/bin/sh
# parse_number() of R's readr, which takes the number out of a text, finds pull request -7 in "PR-7" and issue -12 in
# "JIRA-12": a minus between a name and a number is a sign to it. "1.2.3" is 1.2, "3-5 days" 3, and "1,5 h" fifteen,
# since a comma is taken to part thousands. "-j 8" alone is refused, with a warning; of the others nothing is said. One
# would guess 7 and 12, or a refusal for what is no plain number. Keys of trackers are of just that form: a join with
# the numbers that the forge has finds none, the newest issue is the least, and waits in hours typed in half of Europe
# are ten times as long. str_extract() of the digits, and locale(decimal_mark = ","), are what is meant. Seen with readr
# 2.1.4 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-readr where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
Rscript -e 'library(readr)' >"$folder/load.txt" 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-readr >/dev/null
Rscript --vanilla -e 'suppressMessages(library(readr)); options(warn = 2)
cat(R.version.string, "readr", format(packageVersion("readr")), "\n")
texts <- c("#7", "PR-7", "JIRA-12", "1.2.3", "3-5 days", "1,5 h")
found <- parse_number(texts)
print(data.frame(texts, found))
quit(status = if (identical(as.numeric(found), c(7, -7, -12, 1.2, 3, 15))) 0 else 1)'
