#!/bin/sh
# rake() of R's survey says nothing where the margins that it is given cannot be had together: where each who answered from
# Linux is of the core team, and the population has 30 % Linux and 10 % core, the answer is 30 % core and 70 % others, with
# no warning and a standard error of nought. The margin named last holds; to the first it goes as near as it can, by giving
# the core's people on Windows no weight at all, and that it stands still there is "converged", also with an epsilon of
# 1e-9 and 1000 rounds. One would guess that raked margins are the ones asked for, or that it says "did not converge", as it
# can. A survey's result is then for another population than its table says, and the table with the right margin last looks
# right. svymean() of each raked variable shows it. Seen with survey 4.1-1 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-survey where they are missing. Exits non-zero where it
# behaves otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(survey)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-survey >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages(library(survey))
cat(R.version.string, "survey", as.character(packageVersion("survey")), "\n")
cells <- expand.grid(system = c("linux", "mac", "windows"), role = c("core", "new"))
answers <- cells[rep(1:6, c(20, 0, 10, 0, 5, 15)), ]
print(table(answers$role, answers$system))
roles <- data.frame(role = c("core", "new"), Freq = c(100, 900))
systems <- data.frame(system = c("linux", "mac", "windows"), Freq = c(300, 300, 400))
said <- 0
raked <- function(samples, populations) {
  count <- function(condition) {
    said <<- said + 1
  }
  withCallingHandlers(
    rake(svydesign(~1, data = answers, weights = ~1), samples, populations, control = list(maxit = 1000, epsilon = 1e-9)),
    warning = count, message = count
  )
}
shares <- function(design, what) round(coef(svymean(what, design)), 3)
roles_first <- raked(list(~role, ~system), list(roles, systems))
roles_last <- raked(list(~system, ~role), list(systems, roles))
cat("asked for: roles 0.1 0.9, systems 0.3 0.3 0.4; warnings and messages:", said, "\n")
cat("roles first: roles", shares(roles_first, ~role), " systems", shares(roles_first, ~system), "\n")
cat("roles last:  roles", shares(roles_last, ~role), " systems", shares(roles_last, ~system), "\n")
cat("standard error of the roles:", SE(svymean(~role, roles_first)), "\n")
core_windows <- weights(roles_first)[answers$role == "core" & answers$system == "windows"]
cat("weight of the core on Windows, at most:", max(core_windows), "\n")
same <- said == 0 && all(shares(roles_first, ~role) == c(0.3, 0.7)) && all(shares(roles_first, ~system) == c(0.3, 0.3, 0.4)) &&
  all(shares(roles_last, ~role) == c(0.1, 0.9)) && shares(roles_last, ~system)[[1]] < 0.11 && max(core_windows) < 0.001 &&
  max(SE(svymean(~role, roles_first))) < 0.001
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
