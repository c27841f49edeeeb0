#!/bin/sh
# Where a value is missing R's ses(), holt() and ets() (forecast) foretell the past: of eight weeks with 5, 6, 7, 8, 9,
# a week that was not counted, 30 and 31 open issues they say 9 to 11, for the weeks 6 and 7, which are over. They take
# the longest stretch without a gap, and begin where that ends; a warning says that they do, and none that the times are
# others. naive() and auto.arima() of the same series say 31, for the weeks 9 and 10. One would guess that a forecast
# begins after the last value, and that the newest values count most, as is the very idea of smoothing. By their numbers
# two methods are compared week by week that speak of different weeks. Seen with R 4.2.2 and forecast 8.20 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-forecast where they are missing. Exits non-zero where
# it behaves otherwise.
set -eu
Rscript -e 'library(forecast)' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-forecast >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cat >"$folder/gap.R" <<'R'
suppressMessages(library(forecast))
cat(R.version.string, "forecast", as.character(packageVersion("forecast")), "\n")
open <- ts(c(5, 6, 7, 8, 9, NA, 30, 31))
said <- list(ses = ses(open, h = 2), holt = holt(open, h = 2), ets = forecast(ets(open), h = 2), naive = naive(open, h = 2), auto.arima = forecast(auto.arima(open), h = 2))
for (name in names(said)) cat(name, "says", said[[name]]$mean, "for the weeks", time(said[[name]]$mean), "\n")
first_week <- sapply(said, function(one) time(one$mean)[1])
first_value <- sapply(said, function(one) as.numeric(one$mean)[1])
quit(status = if (all(first_week == c(6, 6, 6, 9, 9)) && all(first_value[1:3] < 11) && all(first_value[4:5] > 30)) 0 else 1)
R
Rscript "$folder/gap.R"
