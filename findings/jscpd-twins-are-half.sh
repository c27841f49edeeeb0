#!/bin/sh
# Of two files that are equal to the last letter jscpd, a detector of copied code, says "50 %" duplicated lines, of
# three 67 %, and of ten 90 %: it counts a clone as the lines of one of its two places, so that never everything is
# copied. One would guess that where each line has a twin all lines are duplicated. A threshold of 10 % allows copies
# that take up a fifth of the code, and the figure depends on how often one thing was copied, not on how much of the
# code is copies. Seen with jscpd 4.0.5.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts jscpd@4.0.5 >npm.log 2>&1 || { cat npm.log; exit 1; }
share() { # share COPIES
    mkdir "src$1"
    for copy in $(seq "$1"); do
        for line in $(seq 60); do echo "function f$line(a, b) { return a * $line + b - $line; }"; done >"src$1/f$copy.js"
    done
    node_modules/.bin/jscpd --silent --reporters json --output "out$1" "src$1" >/dev/null
    node -p "const t = JSON.parse(require('fs').readFileSync('out$1/jscpd-report.json')).statistics.total; t.sources + ' equal files: ' + t.duplicatedLines + ' of ' + t.lines + ' lines, ' + t.percentage + ' %'"
}
{ share 2; share 3; share 10; } | tee found.txt
grep -q '^2 equal files: .* 50 %' found.txt && grep -qE '^3 equal files: .* 66\.6[67] %' found.txt && grep -q '^10 equal files: .* 90 %' found.txt
