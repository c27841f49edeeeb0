#!/bin/sh
# Numbers of runs from two files never meet in R: fread (data.table) reads whole numbers above 2^31, as GitHub's runs,
# jobs and comments have, as integer64, fromJSON (jsonlite) as plain numbers, and %in%, match() and merge() compare
# the bits. Of two equal runs none is found, and merge() gives no rows, without a warning. sapply(), unlist() and for
# make 4.9e-314 of them. One would guess that equal numbers are equal, as == says, or an error, as joins of data.table and
# of dplyr have it. A table of CI's times joined with its answers is empty, or all of its runs are "new". The option
# integer64 = "numeric" of fread makes both alike. Seen with data.table 1.14.8, bit64 4.0.5, jsonlite 1.8.4, R 4.2.2
# (Debian 12).
# Needs apt-get; installs Debian's packages of these where they are missing. Exits non-zero where it behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(data.table); library(bit64); library(jsonlite)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-data.table r-cran-bit64 r-cran-jsonlite >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages({ library(data.table); library(bit64); library(jsonlite) })
for (name in c("data.table", "bit64", "jsonlite")) cat(name, as.character(packageVersion(name)), "")
cat(R.version.string, "\n")
csv <- "run,seconds\n10000000001,61\n10000000002,75\n"
times <- as.data.frame(fread(csv))
answers <- fromJSON('[{"run": 10000000001, "conclusion": "success"}, {"run": 10000000002, "conclusion": "failure"}]')
cat("classes:", class(times$run), "and", class(answers$run), "\n")
print(times$run == answers$run)
found <- base::`%in%`(times$run, answers$run)
cat("%in%:", found, " rows of merge():", nrow(merge(times, answers)), "\n")
looped <- sapply(times$run, function(run) run)
cat("sapply over the runs:", looped, "\n")
plain <- as.data.frame(fread(csv, integer64 = "numeric"))
cat("with integer64 = \"numeric\":", nrow(merge(plain, answers)), "rows\n")
same <- all(times$run == answers$run) && !any(found) && nrow(merge(times, answers)) == 0 && all(looped < 1e-300) &&
  nrow(merge(plain, answers)) == 2
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
