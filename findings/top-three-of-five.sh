#!/bin/sh
# The "top three" of a project are five in R and three in Python: dplyr's slice_max(people, commits, n = 3) keeps all
# who tie with the third, so of 9, 5, 2, 2, 2 and 1 commits it has five rows; pandas' nlargest(3) has three, of whom the
# last is whoever of the equal ones stood first in the table, as with data.table's and SQL's ordering and cutting. One
# would guess three rows for n = 3, or that the two libraries agree. Long tails tie by nature: "top ten" of a project
# with eight regular people and fifty who came once is 58 rows in R, shares "of the top ten" are of all, and in Python
# who is thanked depends on the order of the rows. with_ties = FALSE, and keep="all", make one like the other. Seen with
# dplyr 1.0.10, R 4.2.2 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-dplyr and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
Rscript -e 'library(dplyr)' >load.txt 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-dplyr >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
printf '%s\n' who,commits Ada,9 Bob,5 Cyd,2 Dan,2 Eve,2 Fay,1 >people.csv
cat >show.R <<'R'
suppressMessages(library(dplyr))
people <- read.csv("people.csv")
top <- slice_max(people, commits, n = 3)
cut <- slice_max(people, commits, n = 3, with_ties = FALSE)
cat(R.version.string, "dplyr", format(packageVersion("dplyr")), ":", top$who, "| with_ties = FALSE:", cut$who, "\n")
ten <- slice_max(data.frame(commits = c(20:13, rep(1, 50))), commits, n = 10)
cat("top ten of eight and fifty:", nrow(ten), "\n")
quit(status = if (nrow(top) == 5 && nrow(cut) == 3 && nrow(ten) == 58) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import sys

import pandas

people = pandas.read_csv("people.csv").set_index("who")["commits"]
first, last = list(people.nlargest(3).index), list(people[::-1].nlargest(3).index)
print("pandas", pandas.__version__, first, "of the reversed table:", last, "keep=all:", len(people.nlargest(3, keep="all")))
sys.exit(0 if first == ["Ada", "Bob", "Cyd"] and last == ["Ada", "Bob", "Eve"] and len(people.nlargest(3, keep="all")) == 5 else 1)
PY
/usr/bin/python3 show.py
