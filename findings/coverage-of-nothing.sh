#!/bin/sh
# A threshold on coverage holds where nothing was measured: with every threshold at 100, `nyc check-coverage` and c8 leave
# with 0 when no file came under them, though their tables say 0 for all files. nyc's cobertura report then has
# line-rate="NaN", its json-summary the text "Unknown" for a number. One would guess that 0 % fails "at least 100 %". A
# moved source folder, or a pattern that matches nothing any more, turns the gate off and keeps it green.
# Seen with nyc 18.0.0 and c8 12.0.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts nyc@18.0.0 c8@12.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
mkdir source
echo 'module.exports = (a) => (a ? 1 : 2);' >source/code.js
for name in nyc c8; do printf "%s %s\n" $name "$(node -p "JSON.parse(require(\"fs\").readFileSync(\"node_modules/$name/package.json\")).version")"; done
thresholds='--check-coverage --lines 100 --branches 100 --functions 100 --statements 100'
run() {
    "$@" >output 2>&1 && code=0 || code=$?
    grep -E 'All files|ERROR' output || true
    printf 'exit code %s of: %s\n' "$code" "$*"
}
run npx --no-install nyc $thresholds --include 'source/**' --reporter text --reporter cobertura --reporter json-summary node -e 'require("./source/code.js")(1)'
[ "$code" -ne 0 ]
run npx --no-install nyc $thresholds --include 'src/**' --reporter text --reporter cobertura --reporter json-summary node -e 'require("./source/code.js")(1)'
[ "$code" -eq 0 ]
grep -o 'line-rate="NaN"' coverage/cobertura-coverage.xml
grep -o '"lines":{[^}]*"pct":"Unknown"}' coverage/coverage-summary.json
run npx --no-install c8 $thresholds --include 'source/**' node -e 'require("./source/code.js")(1)'
[ "$code" -ne 0 ]
run npx --no-install c8 $thresholds --include 'src/**' node -e 'require("./source/code.js")(1)'
[ "$code" -eq 0 ]
