#!/bin/sh
# To thefuzz the best match for "Crash when an archive is read" is an issue titled "Crash", with 90 of 100, before
# "Crash when a large archive is read over a slow network", 86, and "Parser is slow", 86 as well: process.extract()
# takes the best of several measures, one of which slides the shorter text along the longer one and is 100 wherever that
# occurs in it, and one of which looks at the words in common alone, here "is". token_set_ratio() of "Crash on save" and
# "No crash on save any more" is 100 as well, as one has all words of the other. One would guess that a word in common
# is less than six. A title of one word, which the least careful reporters write, is the likely duplicate of every issue
# that has it, and an issue of the very opposite one of its own. fuzz.ratio(), and token_sort_ratio(), compare the
# wholes. Seen with thefuzz 0.19.0 (Debian 12).
# Needs apt-get; installs Debian's package python3-thefuzz where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import thefuzz' 2>/dev/null || apt-get install -y --no-install-recommends python3-thefuzz >/dev/null
dpkg-query -W -f 'thefuzz ${Version}\n' python3-thefuzz
/usr/bin/python3 -W ignore - <<'PY'
import sys

from thefuzz import fuzz, process

title = "Crash when an archive is read"
others = ["Crash when a large archive is read over a slow network", "Crash", "Parser is slow"]
found = process.extract(title, others)
subset = fuzz.token_set_ratio("Crash on save", "No crash on save any more")
plain = process.extract(title, others, scorer=fuzz.token_sort_ratio)
print("extract:", found)
print("token_set_ratio of a title and its opposite:", subset)
print("by token_sort_ratio:", plain)
sys.exit(0 if found[0][0] == "Crash" and found[0][1] > found[1][1] == found[2][1] and subset == 100 and plain[0][0] == others[0] else 1)
PY
