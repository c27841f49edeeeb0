#!/bin/sh
# changelogen announces a feature that was taken back twice: it looks for "type: text" anywhere in a subject, so the commit
# `Revert "feat: read archives"` is one more enhancement, `Read archives"`, and `Revert "feat!: ..."` a breaking change. One
# would guess that a convention for the beginning of a subject is looked for there, and that a revert, if it is not taken
# off its commit, is left out as other prose is. Release notes promise what the release lacks, and --bump makes a minor
# release, or a major one, of a mere revert. Seen with changelogen 0.6.2.
# Needs git, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts changelogen@0.6.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'changelogen %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/changelogen/package.json')).version")"
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C NO_COLOR=1
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
mkdir repository
cd repository
git init -q -b main
git remote add origin https://github.com/example/example.git
echo '{"name": "example", "version": "1.0.0"}' >package.json
git add .
git commit -q -m 'feat: begin'
git tag v1.0.0
echo archives >reader
git add .
git commit -q -m 'feat: read archives'
git revert --no-edit HEAD >output.txt
git commit -q --allow-empty -m 'Say in the manual what is read'
git log --format='commit: %s' v1.0.0..HEAD
env PATH="$folder/node_modules/.bin:$PATH" changelogen --from v1.0.0 >notes.md 2>notes.txt </dev/null || { cat notes.md notes.txt; exit 1; }
grep -E '^###|^- ' notes.md
git tag v1.1.0 HEAD~2 # as if the feature had been released: what is left are its revert and prose
env PATH="$folder/node_modules/.bin:$PATH" changelogen --from v1.1.0 --bump >bump.txt 2>&1 </dev/null || { cat bump.txt; exit 1; }
grep 'Bumping' bump.txt
[ "$(grep -c 'Read archives' notes.md)" -eq 2 ] && grep -q '^- Read archives" ' notes.md && ! grep -q 'manual' notes.md &&
    grep -q 'from 1.0.0 to 1.1.0 (minor)' bump.txt
