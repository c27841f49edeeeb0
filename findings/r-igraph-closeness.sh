#!/bin/sh
# In R's igraph two people who reviewed nobody but each other have the greatest closeness of a project, 1: since version
# 1.3 it counts, for each, only those that can be reached. The one who works with four others has 0.25; normalized = TRUE
# leaves the pair at 1, with nobody above. networkx scales by the share that is reached, and has the pair last. One would
# guess that the centre is where most are near. A ranking of who holds a project together, by its reviews or by what is
# changed together, is headed by pairs of strangers who came once. Seen with igraph 1.3.5, R 4.2.2 and networkx 2.8.8
# (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-igraph and python3-networkx where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(igraph)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-igraph >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(igraph))
cat(R.version.string, "igraph", as.character(packageVersion("igraph")), "\n")
reviews <- data.frame(
  author = c("bob", "cy", "dan", "eve", "cy", "once"), reviewer = c("ada", "ada", "ada", "ada", "bob", "never again")
)
graph <- graph_from_data_frame(reviews, directed = FALSE)
near <- closeness(graph)
print(round(sort(near, decreasing = TRUE), 3))
scaled <- closeness(graph, normalized = TRUE)
print(round(sort(scaled, decreasing = TRUE), 3))
same <- near[["once"]] == 1 && near[["ada"]] == 0.25 && scaled[["once"]] >= max(scaled)
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
/usr/bin/python3 -c 'import networkx' 2>/dev/null || apt-get install -y --no-install-recommends python3-networkx >/dev/null
/usr/bin/python3 - <<'PY'
import sys

import networkx

pairs = [("bob", "ada"), ("cy", "ada"), ("dan", "ada"), ("eve", "ada"), ("cy", "bob"), ("once", "never again")]
near = networkx.closeness_centrality(networkx.Graph(pairs))
print("networkx", networkx.__version__, {name: round(value, 3) for name, value in near.items()})
sys.exit(0 if max(near, key=near.get) == "ada" and near["once"] < near["dan"] else 1)
PY
