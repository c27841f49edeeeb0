#!/bin/sh
# auto-changelog lists three commits of a release, the three that changed the most lines: of five, "Regenerate tables" and
# "Move code" are there, and "Check bounds when an archive is read", one line, is not. Nothing says that more were left
# out. One would guess all commits, or the newest; merges, and commits that close an issue, are in fact all listed. A
# project that squashes without numbers, or commits to its main branch, announces what was moved and keeps quiet about
# what was fixed. --commit-limit false lists all. Seen with auto-changelog 2.7.0.
# Needs git, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts auto-changelog@2.7.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
printf 'auto-changelog %s\n' "$(node_modules/.bin/auto-changelog --version)"
git init -q -b main repository
cd repository
commit() { # SUBJECT FILE LINES
    seq "$3" >>"$2"
    git add .
    git commit -qm "$1"
}
commit Start reader.c 3
git tag v1.0.0
commit 'Check bounds when an archive is read' reader.c 1
commit 'Regenerate tables' tables.c 900
commit 'Add documentation' manual.md 300
commit 'Move code' moved.c 500
commit 'Read archives from a pipe' pipe.c 4
git tag v1.1.0
../node_modules/.bin/auto-changelog -o ../some.md >/dev/null 2>&1
../node_modules/.bin/auto-changelog --commit-limit false -o ../all.md >/dev/null 2>&1
part() { sed -n '/v1.1.0/,/v1.0.0/s/^- /  /p' "$1"; }
printf 'by default:\n%s\nwith --commit-limit false:\n%s\n' "$(part ../some.md)" "$(part ../all.md)"
[ "$(part ../some.md | wc -l)" -eq 3 ] && [ "$(part ../all.md | wc -l)" -eq 5 ] && ! grep -q 'Check bounds' ../some.md
