#!/bin/sh
# "release 1.23" and "release 1.32" are one text to Python's textdistance and R's stringdist: their measures by sets,
# jaccard, cosine, sorensen (and qgram), are taken over single letters unless told, so that the order of letters and of
# words is nothing. Bugs 123 and 321, "no crash" and "on crash", "A waits for B" and "B waits for A" have a similarity
# of 1, or a distance of 0. One would guess words, since that is what Jaccard's measure of two texts is about, or pairs
# and triples of letters. Issues that differ in a version, a number or in who waits for whom are found to be duplicates
# for certain, and those that have no word in common are a good deal alike, being made of one alphabet. qval=None
# (words) or qval=3, and q = 3, tell them apart. Seen with textdistance 4.5.0, stringdist 0.9.10 and R 4.2.2 (Debian
# 12).
# Needs apt-get; installs Debian's packages python3-textdistance, r-base-core and r-cran-stringdist where they are
# missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import textdistance' 2>/dev/null || apt-get install -y --no-install-recommends python3-textdistance >/dev/null
Rscript -e 'library(stringdist)' 2>/dev/null || apt-get install -y --no-install-recommends r-base-core r-cran-stringdist >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import textdistance

print("textdistance", textdistance.__version__)
pairs = [("release 1.23", "release 1.32"), ("bug 123", "bug 321"), ("no crash", "on crash")]
letters = [[round(measure(*pair), 3) for measure in (textdistance.jaccard, textdistance.cosine, textdistance.sorensen)] for pair in pairs]
words = [round(textdistance.Jaccard(qval=None)(*pair), 3) for pair in pairs]
apart = round(textdistance.jaccard("Reader crashes on large archives", "Document the new option"), 3)
print("by letters:", letters, "by words:", words, "nothing in common:", apart)
sys.exit(0 if letters == [[1, 1, 1]] * 3 and max(words) < 0.5 and apart > 0.2 else 1)
PY
Rscript --vanilla -e 'library(stringdist)
one <- c("release 1.23", "bug 123", "no crash"); other <- c("release 1.32", "bug 321", "on crash")
cat(R.version.string, "stringdist", format(packageVersion("stringdist")), "\n")
found <- sapply(c("jaccard", "cosine", "qgram"), function(method) round(stringdist(one, other, method = method), 6))
print(found); cat("q = 3:", round(stringdist(one, other, method = "jaccard", q = 3), 2), "\n")
quit(status = if (all(found == 0) && all(stringdist(one, other, method = "jaccard", q = 3) > 0.2)) 0 else 1)'
