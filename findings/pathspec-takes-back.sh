#!/bin/sh
# Python's pathspec, by which formatters, linters and builders leave out what .gitignore names, brings back a file that
# git goes on leaving out: of "build/" and below it "!build/keep.txt" git ignores all of build, since it never looks
# into a folder that is left out, and PathSpec as well as GitIgnoreSpec, which is there to follow git, take
# build/keep.txt for one of the project's. One would guess that "gitignore" patterns mean what they mean to git; npm's
# ignore does as git. A package that is built, a check that is run and a count of lines have a file that is in no
# commit, on the machine of whoever built there, and not in a fresh clone. "build/*" with the same exception is alike
# for all. Seen with pathspec 0.11.0, git 2.39.5 (Debian 12) and ignore 7.0.17.
# Needs git, node, npm and apt-get; fetches that package, and installs Debian's package python3-pathspec where it is
# missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import pathspec' 2>/dev/null || apt-get install -y --no-install-recommends python3-pathspec >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts ignore@7.0.17 >npm.log 2>&1 || { cat npm.log; exit 1; }
git --version
git init -q repository
mkdir repository/build
touch repository/build/keep.txt repository/build/other.txt
for first in 'build/' 'build/*'; do
    printf '%s\n' "$first" '!build/keep.txt' >repository/.gitignore
    left() { # what git would add
        git -C repository ls-files --others --exclude-standard build | tr '\n' ' '
    }
    LINES_OF=repository/.gitignore /usr/bin/python3 - >python.txt <<'PY'
import os

import pathspec

lines = open(os.environ["LINES_OF"]).read().splitlines()
names = ["build/keep.txt", "build/other.txt"]
for spec in (pathspec.PathSpec.from_lines("gitwildmatch", lines), pathspec.GitIgnoreSpec.from_lines(lines)):
    print(*[name for name in names if not spec.match_file(name)])
PY
    node -e "
const ignore = require('ignore')().add(require('fs').readFileSync('repository/.gitignore', 'utf8'));
console.log(['build/keep.txt', 'build/other.txt'].filter((name) => !ignore.ignores(name)).join(' '));" >node.txt
    echo "$first and !build/keep.txt: git keeps [$(left)] pathspec [$(tr '\n' '|' <python.txt)] ignore [$(cat node.txt)]"
    case $first in
    build/) [ -z "$(left)" ] && [ "$(sort -u python.txt)" = build/keep.txt ] && [ -z "$(cat node.txt)" ] ;;
    *) [ "$(left)" = 'build/keep.txt ' ] && [ "$(sort -u python.txt)" = build/keep.txt ] && [ "$(cat node.txt)" = build/keep.txt ] ;;
    esac
done
/usr/bin/python3 -c 'import pathspec; print("pathspec", pathspec.__version__)'
