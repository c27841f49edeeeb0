#!/bin/sh
# Changesets makes a major release of a package that nobody touched: where core gets a minor one, "a new option", every
# package of the repository that has core among its peerDependencies goes from 1.0.0 to 2.0.0, though core's 1.3.0 is
# within its "^1.2.0". A package that merely depends on core stays as it is. One would guess that a range which still
# holds asks for nothing, or for a patch. Users of a family of plug-ins get a breaking release each time the core gains
# something, and the change log has no reason for it. onlyUpdatePeerDependentsWhenOutOfRange, among the options that are
# unsafe and experimental by name, leaves them. Seen with @changesets/cli 2.31.1.
# Needs git, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @changesets/cli@2.31.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf '@changesets/cli %s\n' "$(node -p 'JSON.parse(require("fs").readFileSync("node_modules/@changesets/cli/package.json")).version')"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git init -q -b main repository
cd repository
mkdir -p packages/core packages/plugin packages/program .changeset
echo '{"name":"all","private":true,"version":"1.0.0","workspaces":["packages/*"]}' >package.json
echo '{}' >package-lock.json
echo '{"name":"core","version":"1.2.0"}' >packages/core/package.json
echo '{"name":"plugin","version":"1.0.0","peerDependencies":{"core":"^1.2.0"}}' >packages/plugin/package.json
echo '{"name":"program","version":"1.0.0","dependencies":{"core":"^1.2.0"}}' >packages/program/package.json
echo '{"changelog":false,"commit":false,"access":"public","baseBranch":"main"}' >.changeset/config.json
printf -- '---\n"core": minor\n---\n\nA new option.\n' >.changeset/option.md
git add .
git commit -qm one
../node_modules/.bin/changeset version >../log 2>&1 || { cat ../log; exit 1; }
versions=$(for name in core plugin program; do node -p "JSON.parse(require('fs').readFileSync('packages/$name/package.json')).version"; done)
printf 'core, plugin, program: %s\n' "$(echo "$versions" | tr '\n' ' ')"
[ "$(echo $versions)" = '1.3.0 2.0.0 1.0.0' ]
