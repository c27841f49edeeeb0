#!/bin/sh
# Issue 100000 is "#1e+05" in R, between "#99999" and "#100001": paste0("#", number) and as.character() write a number
# in the shorter of two ways, and 1e+05 is shorter than 100000; write.csv() does so where no other number of the column
# needs more digits, and 200000, 300000 and 1000000 fare alike. Numbers that were read as whole numbers (100000L) are
# spared, those that were calculated, or read as text and made numbers, are not. One would guess that a whole number
# stays one. A link leads nowhere, a name of a file is odd, and joins by text miss that one issue of a project that is
# large enough to have it. Seen with R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's package r-base-core where it is missing. Exits non-zero where it behaves otherwise.
set -eu
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/numbers.R" <<'R'
cat(R.version.string, "\n")
numbers <- as.numeric(c("99999", "100000", "100001", "200000"))
links <- paste0("#", numbers)
print(links)
print(paste0("#", as.integer(numbers)))
path <- tempfile()
write.csv(data.frame(issue = c(100000, 200000)), path, row.names = FALSE)
rows <- readLines(path)
print(rows)
quit(status = if (identical(links, c("#99999", "#1e+05", "#100001", "#2e+05")) && identical(rows[2:3], c("1e+05", "2e+05"))) 0 else 1)
R
Rscript "$folder/numbers.R"
