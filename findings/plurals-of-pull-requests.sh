#!/bin/sh
# "3 PRS" is how pluralize, the usual library for plurals in Node, has it: what is written in capitals gets a capital S,
# so PR becomes PRS, API APIS and CI CIS. Back again "caches" is a "cach" to it and "axes" an "axe"; to inflection,
# another one, "caches" is a "cach", too, and CVEs are a "Cfe", as wolves are a wolf. One would guess PRs and cache, as
# for other words on -che in English. Headlines of reports, names of tables and labels ("kind/cach") are made by it.
# Seen with pluralize 8.0.0 and inflection 3.0.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts pluralize@8.0.0 inflection@3.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const pluralize = require("pluralize");
const inflection = require("inflection");
const found = [pluralize("PR", 3, true), pluralize("API", 2), pluralize("CI"), pluralize.singular("caches"), pluralize.singular("axes"),
    inflection.pluralize("PR"), inflection.singularize("caches"), inflection.singularize("CVEs")];
console.log("pluralize:", found.slice(0, 5).join(", "), "inflection:", found.slice(5).join(", "));
process.exit(found.join() === "3 PRS,APIS,CIS,cach,axe,PRs,cach,Cfe" ? 0 : 1);
JS
node show.cjs
