#!/bin/sh
# "Cannot find system call by name" is an empty text to gensim and to scikit-learn: their lists of English words without
# meaning, remove_stopwords() and stop_words="english", have "system", "call", "name", "find", "cannot", "empty",
# "full", "move", "fill" and "show"; gensim's "computer" and "make", too. So the issue's vector is all zeros, and its
# similarity to a second copy of itself 0. For gensim capitals count: "Not found when empty" keeps "Not". One would
# guess words as "the" and "of", or that no title of a project about systems is left without a word. The search for
# duplicates misses just the plain reports, what says "not" is the same as what does not, and "make fails" is "fails".
# Seen with gensim 4.2.0 and scikit-learn 1.2.1 (Debian 12).
# Needs apt-get; installs Debian's packages python3-gensim and python3-sklearn where they are missing. Exits non-zero
# where they behave otherwise.
set -eu
/usr/bin/python3 -W ignore -c 'import gensim, sklearn' 2>/dev/null ||
    apt-get install -y --no-install-recommends python3-gensim python3-sklearn >/dev/null
/usr/bin/python3 -W ignore - <<'PY'
import sys

import gensim
import sklearn
from gensim.parsing.preprocessing import remove_stopwords
from sklearn.feature_extraction.text import TfidfVectorizer

print("gensim", gensim.__version__, "scikit-learn", sklearn.__version__)
titles = ["Cannot find system call by name", "Cannot find system call by name", "Parser is slow"]
vectors = TfidfVectorizer(stop_words="english").fit_transform(titles)
twins = (vectors @ vectors.T).toarray()[0, 1]
plain = TfidfVectorizer().fit_transform(titles)
print("scikit-learn: similarity of two equal titles:", twins, "without the list:", round((plain @ plain.T).toarray()[0, 1], 3))
left = {text: remove_stopwords(text) for text in ("cannot find system call by name", "Not found when empty", "make computer fails")}
print("gensim leaves:", left)
sys.exit(0 if twins == 0 and list(left.values()) == ["", "Not", "fails"] else 1)
PY
