#!/bin/sh
# A column "weight" of edges makes R's igraph read them as lengths: betweenness() takes it without being asked, so two
# people who review each other fifty times are far apart, and all ways go round them. Ada, who did 90 reviews for two
# authors, is between others never, and Bob, who did five, always. networkx's betweenness_centrality leaves weights aside
# unless they are named. One would guess that more is nearer, or that both do the same. A ranking of whom a project's
# reviews run through puts those first who hardly take part. weights = 1 / weight, or NA, is what is
# meant. Seen with igraph 1.3.5, R 4.2.2 and networkx 2.8.8 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-igraph and python3-networkx where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(igraph)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-igraph >/dev/null
/usr/bin/python3 -c 'import networkx' 2>/dev/null || apt-get install -y --no-install-recommends python3-networkx >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat >reviews.csv <<'CSV'
author,reviewer,weight
cy,ada,50
dan,ada,40
cy,bob,2
dan,bob,3
CSV
cat >show.R <<'R'
suppressMessages(library(igraph))
cat(R.version.string, "igraph", as.character(packageVersion("igraph")), "\n")
graph <- graph_from_data_frame(read.csv("reviews.csv"), directed = FALSE)
default <- betweenness(graph)
near <- betweenness(graph, weights = 1 / E(graph)$weight)
none <- betweenness(graph, weights = NA)
print(rbind(default = default, "weights = 1 / weight" = near, "weights = NA" = none))
same <- default[["ada"]] == 0 && default[["bob"]] == 2 && near[["ada"]] == 2 && near[["bob"]] == 0 &&
  none[["ada"]] == none[["bob"]]
quit(status = if (same) 0 else 1)
R
Rscript --vanilla show.R
cat >show.py <<'PY'
import csv
import sys

import networkx

graph = networkx.Graph()
for row in csv.DictReader(open("reviews.csv")):
    graph.add_edge(row["author"], row["reviewer"], weight=int(row["weight"]))
between = networkx.betweenness_centrality(graph, normalized=False)
print("networkx", networkx.__version__, between)
sys.exit(0 if between["ada"] == between["bob"] == 0.5 else 1)
PY
/usr/bin/python3 show.py
