#!/bin/sh
# To Python's DeepDiff with ignore_order=True two lists are equal that have the same things in them, however often: the
# results ["pass", "pass", "fail"] and ["pass", "fail", "fail"] do not differ, nor do three labels, one of them twice,
# and two. Where order is ignored, so are repetitions, unless report_repetition=True. One would guess that order alone
# is, as when both are sorted first; Counter and sorted() tell these apart. What compares two snapshots of a tracker, or
# two runs of tests, by it says "no changes". Seen with deepdiff 6.2.2 (Debian 12).
# Needs apt-get; installs Debian's package python3-deepdiff where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import deepdiff' 2>/dev/null || apt-get install -y --no-install-recommends python3-deepdiff >/dev/null
/usr/bin/python3 - <<'PY'
import deepdiff
from deepdiff import DeepDiff

before, after = ["pass", "pass", "fail"], ["pass", "fail", "fail"]
found = [DeepDiff(before, after, ignore_order=True), DeepDiff(sorted(before), sorted(after)),
         DeepDiff(before, after, ignore_order=True, report_repetition=True)]
print("deepdiff", deepdiff.__version__)
for name, difference in zip(("ignore_order:", "both sorted:", "report_repetition:"), found):
    print(name, dict(difference))
raise SystemExit(0 if not found[0] and found[1] and found[2] else 1)
PY
