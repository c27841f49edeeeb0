#!/bin/sh
# For scikit-learn's TfidfVectorizer "Build fails on Python 3.9" and "Build fails on Python 3.8" are the same text, and
# so are "crash in the C parser" and "crash in the R parser", or "option -j 1" and "option -j 8": a word has two letters
# or digits at least, by its default token_pattern, and "3.9" is two words of one. Their similarity is 1. One would guess
# that different words make a difference. Issues that differ in the version, the language or an option are found to be
# duplicates, more surely than those that are; and "C++" cannot be searched for. token_pattern=r"\S+" keeps them apart.
# Seen with scikit-learn 1.2.1 (Debian 12).
# Needs apt-get; installs Debian's package python3-sklearn where it is missing. Exits non-zero where it behaves otherwise.
set -eu
/usr/bin/python3 -c 'import sklearn' 2>/dev/null || apt-get install -y --no-install-recommends python3-sklearn >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import cosine_similarity

print("scikit-learn", sklearn.__version__)
titles = [
    "Build fails on Python 3.9", "Build fails on Python 3.8", "crash in the C parser", "crash in the R parser",
    "option -j 1 hangs", "option -j 8 hangs", "Build fails when Python 3.9 is missing",
]


def likeness(**options):
    table = TfidfVectorizer(**options).fit_transform(titles)
    return cosine_similarity(table).round(3)


default, whole = likeness(), likeness(token_pattern=r"\S+")
for first, second in ((0, 1), (2, 3), (4, 5), (0, 6)):
    print("%.3f, by words between blanks %.3f:" % (default[first, second], whole[first, second]), titles[first], "|", titles[second])
same = all(default[pair] == 1 and whole[pair] < 1 for pair in ((0, 1), (2, 3), (4, 5)))
sys.exit(0 if same and default[0, 6] < 1 else 1)
PY
