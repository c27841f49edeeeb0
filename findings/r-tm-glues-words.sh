#!/bin/sh
# removePunctuation() of R's tm, the usual first step with texts of issues, glues words together: "read/write" becomes
# readwrite, "std::vector" stdvector, "foo_bar" foobar, "re-open" reopen, and C++ is C: signs are taken out, not
# replaced by a blank. removeWords(), for words without meaning, minds capitals, so "The" at the beginning of each title
# stays. And a term-document matrix takes words of three letters and more: of "Go CI is up in C on Py 3.9" the one term
# is "3.9". One would guess blanks, that case does not matter, and that each word counts. A search for "vector", or what
# an issue is about, is beside it. Seen with R 4.2.2 and tm 0.7-11 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-tm where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
Rscript -e 'library(tm)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-tm >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/words.R" <<'R'
suppressMessages(library(tm))
cat(R.version.string, "tm", as.character(packageVersion("tm")), "\n")
plain <- removePunctuation("read/write std::vector foo_bar re-open C++")
kept <- removeWords("The reader and the writer", stopwords("en"))
terms <- rownames(TermDocumentMatrix(VCorpus(VectorSource("Go CI is up in C on Py 3.9"))))
print(plain)
print(kept)
print(terms)
quit(status = if (plain == "readwrite stdvector foobar reopen C" && startsWith(kept, "The reader") && !grepl("the", kept) && identical(terms, "3.9")) 0 else 1)
R
Rscript "$folder/words.R"
