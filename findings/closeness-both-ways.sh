#!/bin/sh
# Who is central among those who review? Ada reviewed Bob and Bob reviewed Carl: to networkx Carl is the closest to all,
# 0.67, and Ada's closeness is 0; to R's igraph Ada has 0.33, Bob 1 and Carl NaN. Harmonic centrality is the other way
# round altogether, 0, 1 and 1.5, and 1.5, 1 and 0. networkx goes along the arrows that come in, igraph along those that
# go out (mode = "out"). One would guess one direction, that in which one goes, and is so for shortest paths in both.
# Who asks most and who reviews most change places with the language of a script; .reverse(), or mode = "in", make them
# equal. Seen with networkx 2.8.8, R 4.2.2 and igraph 1.3.5 (Debian 12).
# Needs apt-get; installs Debian's packages python3-networkx, r-base-core and r-cran-igraph where they are missing.
# Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import networkx' 2>/dev/null || apt-get install -y --no-install-recommends python3-networkx >/dev/null
Rscript -e 'library(igraph)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-igraph >/dev/null
/usr/bin/python3 - <<'PY'
import networkx as nx

reviews = nx.DiGraph([("ada", "bob"), ("bob", "carl")])
close, harmonic = nx.closeness_centrality(reviews), nx.harmonic_centrality(reviews)
people = ("ada", "bob", "carl")
print("networkx", nx.__version__, "closeness", {one: round(close[one], 2) for one in people}, "harmonic", {one: harmonic[one] for one in people})
raise SystemExit(0 if [close["ada"], close["bob"]] == [0, 0.5] and close["carl"] > 0.6 and [harmonic[one] for one in people] == [0, 1, 1.5] else 1)
PY
Rscript -e '
suppressMessages(library(igraph))
cat(R.version.string, "igraph", as.character(packageVersion("igraph")), "\n")
reviews <- graph_from_literal(ada -+ bob -+ carl)
close <- closeness(reviews)
harmonic <- harmonic_centrality(reviews)
print(rbind(closeness = close, harmonic = harmonic))
ok <- abs(close[["ada"]] - 1 / 3) < 1e-9 && close[["bob"]] == 1 && is.nan(close[["carl"]]) && all(harmonic == c(1.5, 1, 0))
quit(status = if (ok) 0 else 1)'
