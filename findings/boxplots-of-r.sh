#!/bin/sh
# R has two boxplots of the same six waits, 1, 2, 3, 4, 5 and 9 days: boxplot() draws a whisker up to 9 and no outlier,
# ggplot2's geom_boxplot() a whisker to 5 and 9 as an outlier. boxplot() takes Tukey's hinges for the ends of the box, 2
# and 5, ggplot2 quantiles, 2.25 and 4.75; the limit beyond which a point stands alone is one and a half boxes away, at
# 9.5 and at 8.5. One would guess that a box plot is one drawing, and that quartiles are those of quantile(). "Outliers"
# that are taken out by boxplot.stats(x)$out, as is often done before means are told, are others than those that the
# report's figure shows. With dozens of values they agree, by label or by week there are few. Seen with R 4.2.2 and
# ggplot2 3.4.1 (Debian 12).
# Needs apt-get; installs Debian's packages r-base-core and r-cran-ggplot2 where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
Rscript -e 'library(ggplot2)' >load.txt 2>&1 || apt-get install -y --no-install-recommends r-base-core r-cran-ggplot2 >/dev/null
Rscript --vanilla -e 'library(ggplot2)
cat(R.version.string, "ggplot2", format(packageVersion("ggplot2")), "\n")
days <- c(1, 2, 3, 4, 5, 9)
tukey <- boxplot.stats(days)
drawn <- layer_data(ggplot(data.frame(label = "bug", days), aes(label, days)) + geom_boxplot())
cat("boxplot: box", tukey$stats[c(2, 4)], "whisker to", tukey$stats[5], "outliers:", tukey$out, "\n")
cat("geom_boxplot: box", drawn$lower, drawn$upper, "whisker to", drawn$ymax, "outliers:", unlist(drawn$outliers), "\n")
same <- length(tukey$out) == 0 && tukey$stats[5] == 9 && identical(unlist(drawn$outliers), 9) && drawn$ymax == 5 && drawn$lower == 2.25
quit(status = if (same) 0 else 1)'
