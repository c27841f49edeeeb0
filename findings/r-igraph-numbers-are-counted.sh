#!/bin/sh
# Three pull requests that close two issues, 101 to 103 and 1002 and 1003, are a graph of 1003 nodes:
# graph_from_edgelist() of R's igraph takes a matrix of numbers for places in a list, and makes each place up to the
# greatest. The mean number of neighbours is 0.006, where it is 1.2, there are 1000 parts in place of 2, and
# centralities have 998 noughts. graph_from_data_frame() of the very same numbers, and the matrix as text, have five
# nodes. One would guess that a number is a name, as in networkx, or that what is not named is not there. Means,
# densities and medians of networks of issues measure the numbering. Seen with igraph 1.3.5 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-igraph where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
Rscript -e 'library(igraph)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-igraph >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(igraph))
cat(R.version.string, "igraph", as.character(packageVersion("igraph")), "\n")
closes <- cbind(pull = c(101, 102, 103), issue = c(1002, 1003, 1002))
tell <- function(name, graph) {
  cat(name, ": ", vcount(graph), " nodes, ", round(mean(degree(graph)), 4), " neighbours on average, ",
    components(graph)$no, " parts\n", sep = "")
}
matrix_of_numbers <- graph_from_edgelist(closes)
tell("graph_from_edgelist, numbers", matrix_of_numbers)
tell("graph_from_edgelist, text", graph_from_edgelist(matrix(as.character(closes), ncol = 2)))
table_of_numbers <- graph_from_data_frame(as.data.frame(closes))
tell("graph_from_data_frame, numbers", table_of_numbers)
same <- vcount(matrix_of_numbers) == 1003 && components(matrix_of_numbers)$no == 1000 &&
  vcount(table_of_numbers) == 5 && components(table_of_numbers)$no == 2
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
