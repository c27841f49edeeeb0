#!/bin/sh
# The usual way to a text's most similar ones with scikit-learn, kneighbors(X) and without its first column, since the
# nearest of each is itself, breaks for exact duplicates, the very ones that are looked for: of two equal issues, 0 and
# 1, the neighbours of both begin with 0, so what is left for issue 1 is issue 1. Equal distances come in some order
# that has nothing to do with who asks. One would guess that the nearest to oneself is oneself. Who links duplicates by
# it links an issue with itself, and misses what it copies. kneighbors() without X leaves out oneself by number: 1 for
# 0, and 0 for 1. Seen with scikit-learn 1.2.1 (Debian 12).
# Needs apt-get; installs Debian's package python3-sklearn where it is missing. Exits non-zero where it behaves
# otherwise.
set -eu
/usr/bin/python3 -c 'import sklearn' 2>/dev/null || apt-get install -y --no-install-recommends python3-sklearn >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import sklearn
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

print("scikit-learn", sklearn.__version__)
titles = ["Crash when an archive is read", "Crash when an archive is read", "Parser is slow", "Crash when an archive is read twice"]
vectors = TfidfVectorizer().fit_transform(titles)
model = NearestNeighbors(n_neighbors=2, metric="cosine").fit(vectors)
usual = [row[1] for row in model.kneighbors(vectors, return_distance=False).tolist()]
without = [row[0] for row in model.kneighbors(n_neighbors=1, return_distance=False).tolist()]
for number, title in enumerate(titles):
    print(f"{number} {title}: without the first column {usual[number]}, kneighbors() without X {without[number]}")
sys.exit(0 if usual[:2] == [1, 1] and without[:2] == [1, 0] else 1)
PY
