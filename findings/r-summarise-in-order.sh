#!/bin/sh
# In dplyr's summarise() a column that was made takes the place of the one that it was made of, for all that comes
# after: summarise(wait = median(wait), worst = max(wait)) says that the worst wait is the median, and that the spread
# of it is NA, as one value has none. No warning. data.table's list of the same words, and SQL, look at the table. One
# would guess that the order of columns makes no difference. A table by label has the median twice, once under "worst",
# and a promise on the slowest answer is always kept; where worst = ... stands first it is right. Another name for the
# new column helps. Seen with dplyr 1.0.10, data.table 1.14.8 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-dplyr and r-cran-data.table where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(dplyr); library(data.table)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-dplyr r-cran-data.table >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages({
  library(dplyr)
  library(data.table)
})
options(warn = 2)
for (name in c("dplyr", "data.table")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
issues <- data.frame(label = "bug", wait = c(1, 2, 3, 5, 90))
median_first <- summarise(group_by(issues, label), wait = median(wait), worst = max(wait), spread = sd(wait))
worst_first <- summarise(group_by(issues, label), worst = max(wait), spread = sd(wait), wait = median(wait))
by_table <- as.data.table(issues)[, .(wait = median(wait), worst = max(wait), spread = sd(wait)), by = label]
print(as.data.frame(median_first))
print(as.data.frame(worst_first))
print(by_table)
same <- median_first$worst == 3 && is.na(median_first$spread) && worst_first$worst == 90 && by_table$worst == 90
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
