#!/bin/sh
# license-checker's two gates compare in two ways: --onlyAllow MIT looks for the letters, so "(MIT AND GPL-3.0-only)", whose
# terms all hold at once, and "LicenseRef-Acme-LIMITED" pass; --failOn GPL-3.0 wants the whole text, so "GPL-3.0-or-later"
# and "GPL-3.0-only" pass. The exit code is 0. One would guess that expressions are read as SPDX has them, or at least that
# both mean the same by a name. A project that allows MIT alone ships what it meant to keep out, and the gate is green.
# Seen with license-checker 25.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts license-checker@25.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'license-checker %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/license-checker/package.json')).version")"
same=0
gate() { # LICENCE EXPECTED OPTION...
    licence=$1 expected=$2
    shift 2
    mkdir -p project/node_modules/parser
    echo '{"name": "project", "version": "1.0.0", "private": true, "dependencies": {"parser": "1.0.0"}}' >project/package.json
    printf '{"name": "parser", "version": "1.0.0", "license": "%s"}\n' "$licence" >project/node_modules/parser/package.json
    (cd project && ../node_modules/.bin/license-checker --excludePrivatePackages "$@") >gate.log 2>&1 && code=0 || code=$?
    printf '%s of %s: exit code %s\n' "$*" "$licence" "$code"
    [ "$code" -eq "$expected" ] || same=1
}
gate MIT 0 --onlyAllow MIT
gate GPL-3.0-only 1 --onlyAllow MIT
gate '(MIT AND GPL-3.0-only)' 0 --onlyAllow MIT
gate LicenseRef-Acme-LIMITED 0 --onlyAllow MIT
gate GPL-3.0 1 --failOn GPL-3.0
gate GPL-3.0-or-later 0 --failOn GPL-3.0
gate GPL-3.0-only 0 --failOn GPL-3.0
exit $same
