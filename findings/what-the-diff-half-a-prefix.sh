#!/bin/sh
# what-the-diff, a parser for git's diffs, gives names of two kinds: of a renamed file both are as they are in the
# repository ("old.c", "new.c"), of one that was changed both the old and the new are the new one with git's prefix,
# "b/reader.c". It throws nothing. One would guess names of files, or at least one kind; parse-diff and gitdiff-parser
# give names. Who joins a pull request's files with owners, tests or coverage finds the renamed ones alone, and changes
# by folder are all in a folder "b". It fits what `git diff --no-prefix` writes. Seen with what-the-diff 0.6.0,
# parse-diff 0.12.0, gitdiff-parser 0.3.1 and git 2.39.5.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts what-the-diff@0.6.0 parse-diff@0.12.0 gitdiff-parser@0.3.1 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git init -q -b main repository
seq 9 >repository/old.c
echo one >repository/reader.c
git -C repository add .
git -C repository commit -qm one
git -C repository mv old.c new.c
echo two >repository/reader.c
git -C repository commit -qam two
git -C repository show --format= >change.diff
cat >show.mjs <<'JS'
import { createRequire } from "module";
import { readFileSync } from "fs";

const load = createRequire(import.meta.url);
const diff = readFileSync("change.diff", "utf8");
const readers = { "what-the-diff": load("what-the-diff").parse, "parse-diff": load("parse-diff"), "gitdiff-parser": load("gitdiff-parser").parse };
const found = Object.entries(readers).map(([name, parse]) => {
    const pairs = parse(diff).map((file) => `${file.from ?? file.oldPath} > ${file.to ?? file.newPath}`).join(", ");
    console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version, pairs);
    return pairs;
});
const names = "old.c > new.c, reader.c > reader.c";
process.exit(found.join("; ") === `old.c > new.c, b/reader.c > b/reader.c; ${names}; ${names}` ? 0 : 1);
JS
node show.mjs
