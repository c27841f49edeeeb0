#!/bin/sh
# Issues without a label are gone once labels get a row each: tidyr's unnest() and jq's `.labels[]` leave out a row
# whose list is empty, pandas' explode() keeps it, with NaN. Of three issues, the second without labels, R and jq go on
# with two, pandas with three. One would guess, for all of them, that an issue stays. Unlabelled issues are those that
# nobody looked at; shares and medians "by label" and the total below are without them, and a backlog looks better the
# less it is tended. keep_empty = TRUE keeps them in R. Seen with tidyr 1.3.0, R 4.2.2, jq 1.6 and pandas 1.5.3 (Debian
# 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-tidyr, r-cran-jsonlite, jq and python3-pandas where they
# are missing. Exits non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(tidyr); library(jsonlite)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-tidyr r-cran-jsonlite >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
command -v jq >/dev/null || apt-get install -y --no-install-recommends jq >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '[{"issue":1,"labels":["bug"]},{"issue":2,"labels":[]},{"issue":3,"labels":["bug","gui"]}]' >issues.json
cat >show.R <<'R'
suppressMessages(library(tidyr))
issues <- as_tibble(jsonlite::fromJSON("issues.json"))
rows <- unnest(issues, labels)
cat("tidyr", as.character(packageVersion("tidyr")), R.version.string, ": issues", unique(rows$issue), "\n")
kept <- unnest(issues, labels, keep_empty = TRUE)
quit(status = if (identical(unique(rows$issue), c(1L, 3L)) && identical(unique(kept$issue), 1:3)) 0 else 1)
R
Rscript --vanilla show.R
rows=$(jq -r '.[] | "\(.issue) \(.labels[])"' issues.json)
printf '%s: %s\n' "$(jq --version)" "$(echo "$rows" | tr '\n' ';')"
/usr/bin/python3 -c '
import json, pandas
rows = pandas.DataFrame(json.load(open("issues.json"))).explode("labels")
print("pandas", pandas.__version__, ": issues", list(rows["issue"].unique()))
raise SystemExit(0 if list(rows["issue"].unique()) == [1, 2, 3] and rows["labels"].isna().sum() == 1 else 1)'
[ "$rows" = '1 bug
3 bug
3 gui' ]
