#!/bin/sh
# networkx's to_undirected() does not add up: where Ada reviewed Bob fifty times and Bob reviewed Ada once, the one edge
# that is left has the weight 1, or 50, whichever was added last. from_pandas_edgelist() of a table with a row for each
# review keeps the last row of a pair, so of 500, 20 and 1 lines it has 1. One would guess sums, or an error, since both
# make one of several. Communities, and rankings by strength, that are made of a project's reviews depend on the order of
# rows. Seen with networkx 2.8.8 (Debian 12).
# Needs apt-get; installs Debian's packages python3-networkx and python3-pandas where they are missing. Exits non-zero
# where it behaves otherwise.
set -eu
/usr/bin/python3 -c 'import networkx, pandas' 2>/dev/null || apt-get install -y --no-install-recommends python3-networkx python3-pandas >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import networkx
import pandas

print("networkx", networkx.__version__)
reviews = [("ada", "bob", 50), ("bob", "ada", 1)]
weights = []
for rows in (reviews, reviews[::-1]):
    graph = networkx.DiGraph()
    graph.add_weighted_edges_from(rows)
    weights.append(graph.to_undirected()["ada"]["bob"]["weight"])
    print("rows", rows, "undirected:", weights[-1])
table = pandas.DataFrame({"author": ["bob"] * 3, "reviewer": ["ada"] * 3, "lines": [500, 20, 1]})
last = networkx.from_pandas_edgelist(table, "author", "reviewer", ["lines"])["ada"]["bob"]["lines"]
print("from a table with 500, 20 and 1 lines:", last)
sys.exit(0 if weights == [1, 50] and last == 1 else 1)
PY
