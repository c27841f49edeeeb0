#!/bin/sh
# "scale" of a Weibull distribution is two things in R: survreg() of survival prints "Scale= 0.5" for waits whose shape
# is 2, being one over the shape, and what everyone else calls the scale is exp() of its intercept; fitdistr() of MASS
# has shape 2 and scale 10 for the same waits, as have dweibull(), rweibull() and scipy. One would guess that the
# package's number can be handed to rweibull(n, shape, scale). Forecasts of waits that are drawn with survreg's scale
# are of half a day where ten are due; and "scale below 1", the longer it waits the sooner it is answered, is read the
# other way round, since a shape below 1 means that what waits long goes on waiting. Seen with survival 3.5-3, MASS
# 7.3-58.2 and R 4.2.2 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core, r-cran-survival and r-cran-mass where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'library(survival); library(MASS)' >/dev/null 2>&1 ||
    apt-get install -y --no-install-recommends r-base-core r-cran-survival r-cran-mass >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/show.R" <<'R'
suppressMessages({
  library(survival)
  library(MASS)
})
for (name in c("survival", "MASS")) cat(name, as.character(packageVersion(name)), " ")
cat(R.version.string, "\n")
days <- qweibull((1:400 - 0.5) / 400, shape = 2, scale = 10)
by_survreg <- survreg(Surv(days) ~ 1, dist = "weibull")
by_mass <- suppressWarnings(fitdistr(days, "weibull"))$estimate
cat("survreg: scale", by_survreg$scale, " exp(intercept)", exp(coef(by_survreg)), "\nfitdistr: shape", by_mass[["shape"]],
    " scale", by_mass[["scale"]], "\n")
same <- abs(by_survreg$scale - 0.5) < 0.02 && abs(exp(coef(by_survreg)) - 10) < 0.2 && abs(by_mass[["scale"]] - 10) < 0.2 &&
  abs(by_mass[["shape"]] * by_survreg$scale - 1) < 0.01
quit(status = if (same) 0 else 1)
R
Rscript --vanilla "$folder/show.R"
