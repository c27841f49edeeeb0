#!/bin/sh
# R's aggregate(cbind(answer, merge) ~ label, ...) takes the mean of first answers over merged pull requests alone: a row
# with NA in any of the columns is left out for all of them, before the function is asked, so na.rm makes no difference.
# Of four that were answered after 1, 2, 30 and 40 hours, the last two still open, the mean answer is 1.5 hours, and
# 18.25 where `answer` stands alone. One would guess that each column leaves out its own. The table of medians by label
# takes the worst cases out of the times to an answer, as it is those that are not merged. aggregate(rows[columns], ...)
# without a formula keeps them, as does na.action = na.pass. Seen with R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's package r-base-core where it is missing. Exits non-zero where it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'q()' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
cat(R.version.string, "\n")
requests <- data.frame(label = "bug", answer = c(1, 2, 30, 40), merge = c(3, 4, NA, NA))
both <- aggregate(cbind(answer, merge) ~ label, requests, mean, na.rm = TRUE)
alone <- aggregate(answer ~ label, requests, mean)
columns <- aggregate(requests[c("answer", "merge")], requests["label"], mean, na.rm = TRUE)
pass <- aggregate(cbind(answer, merge) ~ label, requests, mean, na.rm = TRUE, na.action = na.pass)
cat("mean hours to an answer: of both columns", both$answer, " alone", alone$answer, " without a formula", columns$answer,
    " with na.pass", pass$answer, "\n")
same <- both$answer == 1.5 && alone$answer == 18.25 && columns$answer == 18.25 && pass$answer == 18.25
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
