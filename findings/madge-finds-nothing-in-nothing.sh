#!/bin/sh
# `madge --circular src` of two TypeScript files that import each other says "No circular dependency found!" and ends with 0:
# it looks at *.js alone where no --extensions are given, and has processed 0 files. .mjs and .cjs are no .js, either. And in
# a file that has an import as well as a require(), the one is not seen, so that a circle by way of the other is none, also
# with 0; "detectiveOptions": {"es6": {"mixedImports": true}} in .madgerc is for that. One would guess that a folder's modules
# are those that node or tsc take for modules, or that a check of nothing is no success. A gate in CI stays green from the
# day that the project moved to TypeScript or to .mjs. Seen with madge 8.0.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts madge@8.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
mkdir ts mjs mixed settings
for kind in ts mjs; do
    echo 'import { b } from "./b"; export const a = b;' >$kind/a.$kind
    echo 'import { a } from "./a"; export const b = a;' >$kind/b.$kind
done
echo 'import "./b.js"; const c = require("./c.js");' >mixed/a.js
echo 'module.exports = 1;' >mixed/b.js
echo 'require("./a.js");' >mixed/c.js
echo '{"detectiveOptions": {"es6": {"mixedImports": true}}}' >settings/.madgerc
node -p '"madge " + require("madge/package.json").version'
codes=
check() { # folder of the settings, more arguments
    where=$1
    shift
    code=0
    (cd "$where" && "$folder/node_modules/.bin/madge" --no-color --no-spinner --circular "$@") >out.txt 2>&1 || code=$?
    codes="$codes$code "
    said=$(grep -o 'Processed [0-9]* files\|No circular[^!]*\|Found [^!]*' out.txt | tr '\n' ' ')
    printf "%s: exit code %s: %s\n" "$*" "$code" "$said"
}
check . ts
nothing=$(grep -c 'Processed 0 files' out.txt)
check . --extensions ts ts
check . mjs
check . mixed
check settings ../mixed
[ "$codes" = '0 1 0 0 1 ' ]
[ "$nothing" -eq 1 ]
