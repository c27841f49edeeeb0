#!/bin/sh
# A release can be newer than 1.0 and not ">1.0": by PEP 440, and Python's packaging, ">1.0" leaves out 1.0.post1, "<2.0"
# leaves out 2.0rc1 and 2.0.dev1 even where pre-releases are asked for, and "<=1.0" leaves out 1.0.post1, while comparing
# versions puts 1.0.post1 after 1.0 and 2.0rc1 before 2.0. "1.0-1", as Debian numbers a package of 1.0, is 1.0.post1. One
# would guess that < and > mean with specifiers what they mean with versions. An advisory for "<2.0" does not name the
# release candidates that have the bug, one fixed ">1.0" does not name the release that fixed it, and a count by both has
# releases that are in neither. Seen with packaging 23.0 (Debian 12).
# Needs apt-get; installs Debian's package python3-packaging where it is missing. Exits non-zero where it behaves otherwise.
set -eu
/usr/bin/python3 -c 'import packaging' 2>/dev/null || apt-get install -y --no-install-recommends python3-packaging >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import packaging
from packaging.specifiers import SpecifierSet
from packaging.version import Version

print("packaging", packaging.__version__)
same = str(Version("1.0-1")) == "1.0.post1"
for limits, version, other in (
    (">1.0", "1.0.post1", "1.0"), ("<=1.0", "1.0.post1", "1.0"), ("<2.0", "2.0rc1", "2.0"), (">=2.0", "2.0rc1", "2.0"),
):
    held = SpecifierSet(limits).contains(version, prereleases=True)
    order = "after" if Version(version) > Version(other) else "before"
    print("%s holds %s: %s; as a version it is %s %s" % (limits, version, held, order, other))
    same = same and not held
print("1.0-1 is", Version("1.0-1"))
sys.exit(0 if same and Version("1.0") < Version("1.0.post1") and Version("2.0rc1") < Version("2.0") else 1)
PY
