#!/bin/sh
# Fisher's exact test has one p-value and two odds ratios: of ten pull requests with a test eight were merged, of six
# without one, and both R and scipy say p = 0.035; scipy's fisher_exact() says that the odds are 20 times as high, R's
# fisher.test() 15.5 times. scipy multiplies across the table, R gives the likeliest ratio where both margins are held
# fast (the conditional one), to which its interval belongs. One would guess one answer, and the figure that anybody
# works out by hand. With few cases, for which the test is made, they are furthest apart, and of a table with an empty
# cell both are nought or infinite. Two reports of one table do not agree. Seen with R 4.2.2 and scipy 1.10.1 (Debian
# 12).
# Needs apt-get; installs Debian's packages r-base-core and python3-scipy where they are missing. Exits non-zero where
# they behave otherwise.
set -eu
export TZ=UTC
Rscript -e 'q()' >/dev/null 2>&1 || apt-get install -y --no-install-recommends r-base-core >/dev/null
/usr/bin/python3 -c 'import scipy' 2>/dev/null || apt-get install -y --no-install-recommends python3-scipy >/dev/null
Rscript --vanilla -e '
found <- fisher.test(matrix(c(8, 1, 2, 5), 2))
cat(R.version.string, ": odds ratio", found$estimate, " p", found$p.value, "\n")
quit(status = if (round(found$estimate, 2) == 15.47 && round(found$p.value, 4) == 0.035) 0 else 1)'
/usr/bin/python3 -c '
import scipy, scipy.stats
ratio, p = scipy.stats.fisher_exact([[8, 2], [1, 5]])
print("scipy", scipy.__version__, ": odds ratio", ratio, " p", p)
raise SystemExit(0 if ratio == 20 and round(p, 4) == 0.035 else 1)'
