#!/bin/sh
# npm installs one of two packages whose names differ in capitals alone, and says nothing: of a package.json that asks
# for JSONStream 1.3.5 and jsonstream 1.0.3, two entries of the registry, node_modules and package-lock.json have
# jsonstream alone. The exit code is 0, and `npm ls` lists one, with none missing. One would guess both, each in its
# folder, as npm's registry keeps old names with capitals, or an error. An SBOM, a report of licences, or an audit made
# from the lock file lacks a package that the project asks for by name, and require("JSONStream") fails where it is run.
# pnpm has both. Seen with npm 11.19.1 and pnpm 10.24.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
mkdir tools project
echo '{}' >tools/package.json
npm install --no-audit --no-fund --ignore-scripts --prefix tools npm@11.19.1 pnpm@10.24.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cd project
echo '{"dependencies":{"JSONStream":"1.3.5","jsonstream":"1.0.3"}}' >package.json
npm() { ../tools/node_modules/.bin/npm "$@"; }
printf 'npm %s\n' "$(npm --version)"
npm install --no-audit --no-fund --ignore-scripts && code=0 || code=$?
npm ls && listed=0 || listed=$?
ls node_modules
by_npm=$(ls node_modules | grep -i jsonstream | tr '\n' ' ')
locked=$(grep -ci '"node_modules/jsonstream"' package-lock.json)
rm -rf node_modules package-lock.json
printf 'pnpm %s\n' "$(../tools/node_modules/.bin/pnpm --version)"
../tools/node_modules/.bin/pnpm install --ignore-scripts >../pnpm.log 2>&1 || { cat ../pnpm.log; exit 1; }
by_pnpm=$(ls node_modules | grep -i jsonstream | LC_ALL=C sort | tr '\n' ' ')
printf 'npm install: exit code %s, %s; npm ls: exit code %s; pnpm: %s\n' $code "$by_npm" $listed "$by_pnpm"
[ "$code$listed$locked" = 001 ] && [ "$by_npm" = 'jsonstream ' ] && [ "$by_pnpm" = 'JSONStream jsonstream ' ]
