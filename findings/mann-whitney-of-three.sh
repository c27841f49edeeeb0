#!/bin/sh
# Three runs before and three after are enough to be "significant" for npm's mann-whitney-utest: of 1, 2, 3 and 4, 5, 6
# its significant() says true, where the exact test cannot get below p = 0.1, as R has it; and of the twenty ways to
# share out these six values, which chance alone would make equally often, it calls four significant, one in five, not
# one in twenty. It goes by the normal curve, however few the values are. One would guess the tables of critical values,
# which have none for three and three. Where each change is measured three times, one in five that did nothing is
# "slower" or "faster". Seen with mann-whitney-utest 1.0.5 and R 4.2.2 (Debian 12).
# Needs node, npm and apt-get; fetches that package, and installs Debian's r-base-core where it is missing. Exits
# non-zero where they behave otherwise.
set -eu
command -v Rscript >/dev/null || apt-get install -y --no-install-recommends r-base-core >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts mann-whitney-utest@1.0.5 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { test, significant, criticalValue } = require("mann-whitney-utest");
const samples = [[1, 2, 3], [4, 5, 6]];
const u = test(samples);
console.log("U", u, "z", criticalValue(u, samples), "significant:", significant(u, samples));
// Of all 20 ways to share out 1 to 6, how many does it call significant?
let called = 0, all = 0;
for (let bits = 0; bits < 64; bits++) {
  const one = [1, 2, 3, 4, 5, 6].filter((_, i) => bits & (1 << i));
  if (one.length !== 3) continue;
  const both = [one, [1, 2, 3, 4, 5, 6].filter((x) => !one.includes(x))];
  all++;
  if (significant(test(both), both)) called++;
}
console.log("called significant where chance alone is at work:", called, "of", all);
process.exit(significant(u, samples) === true && called === 4 && all === 20 ? 0 : 1);
JS
node show.cjs
Rscript -e 'p <- wilcox.test(1:3, 4:6)$p.value; cat(R.version.string, "p =", p, "\n"); quit(status = if (abs(p - 0.1) < 1e-9) 0 else 1)'
