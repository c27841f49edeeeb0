#!/bin/sh
# dplyr's ntile() puts equals into different quarters: of eight people with 1, 1, 1, 1, 1, 1, 2 and 3 commits those with
# one are in the first, the second and the third quarter, two each, by their order in the table. It makes parts of equal
# size, whatever the values are. One would guess that equal values fall into one part, as cut() at the quantiles has
# them; pandas' qcut() of the same refuses, as the edges of its parts would be equal. Most of a project's people have
# one commit, most issues one comment, most files one author: "the lowest quarter" and "the middle" of such are alike,
# and what is then compared between them, how long the first half of the newcomers waited, is chance, or the order of a
# file by name. Seen with dplyr 1.0.10, R 4.2.2 and pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-dplyr and python3-pandas where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
Rscript -e 'suppressMessages(library(dplyr))' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-dplyr >/dev/null
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
Rscript --vanilla -e 'suppressMessages(library(dplyr))
commits <- c(1, 1, 1, 1, 1, 1, 2, 3)
cat(R.version.string, "dplyr", format(packageVersion("dplyr")), "\ncommits:", commits, "\nntile:  ", ntile(commits, 4), "\n")
quit(status = if (identical(as.integer(ntile(commits, 4)), c(1L, 1L, 2L, 2L, 3L, 3L, 4L, 4L))) 0 else 1)'
/usr/bin/python3 - <<'PY'
import sys

import pandas

print("pandas", pandas.__version__)
try:
    print(pandas.qcut([1, 1, 1, 1, 1, 1, 2, 3], 4))
    sys.exit(1)
except ValueError as error:
    print("qcut:", str(error).splitlines()[0])
PY
