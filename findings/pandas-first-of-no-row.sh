#!/bin/sh
# groupby("issue").first() of pandas gives rows that there are not: it takes for each column the first value that is not
# missing, so of an issue that was opened by Ada without an assignee, and relabelled by Bob when Eve had it, it says:
# Ada, at the first moment, assigned to Eve. last() does so backwards: an issue whose assignee was taken away still has
# one. One would guess the first row of each group, as head(1), nth(0), R and SQL's DISTINCT ON give it. "Who has it
# now", made of the newest event of each issue, names those who gave it up, and what an issue was like at first is mixed
# with what it became. Seen with pandas 1.5.3 (Debian 12).
# Needs apt-get; installs Debian's package python3-pandas where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-pandas >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import pandas

print("pandas", pandas.__version__)
events = pandas.DataFrame({"issue": [7, 7, 7], "day": ["2026-01-05", "2026-01-07", "2026-01-09"], "by": ["Ada", "Bob", "Eve"],
                           "assignee": [None, "Eve", None]})
issue = events.groupby("issue")
print(events.to_string(index=False), issue.first().to_string(), issue.last().to_string(), sep="\n--\n")
first, last = issue.first().loc[7], issue.last().loc[7]
same = list(first) == ["2026-01-05", "Ada", "Eve"] and list(last) == ["2026-01-09", "Eve", "Eve"]
sys.exit(0 if same and issue.head(1)["assignee"].isna().all() and issue.tail(1)["assignee"].isna().all() else 1)
PY
