#!/bin/sh
# simple-git's diffSummary() counts the plus and minus signs that git draws, and git scales its drawing: in a file with
# more than some 4000 changed lines, insertions and deletions of the file are those of the picture, and do not add up to
# its own `changes`; the sum over all files, beside it, is right. With --numstat they are true. One would guess numbers of
# lines. Who weighs pull requests by file is wrong for just the large ones: lock files, generated code, moved folders.
# Seen with simple-git 4.0.2 and git 2.39.5.
# Needs git, node and npm; fetches that package. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts simple-git@4.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
git init -q -b main repository
cd repository
echo 1 >small.txt
git add .
git commit -q -m one
seq 2 >small.txt
seq 5000 >large.txt
git add .
git commit -q -m two
git diff --numstat HEAD^ HEAD
cat >../summary.cjs <<'JS'
const { simpleGit } = require("simple-git");
console.log("simple-git", JSON.parse(require("node:fs").readFileSync("../node_modules/simple-git/package.json")).version);
(async () => {
  const drawn = await simpleGit(".").diffSummary(["HEAD^", "HEAD"]);
  const counted = await simpleGit(".").diffSummary(["--numstat", "HEAD^", "HEAD"]);
  console.log("diffSummary:          ", JSON.stringify(drawn.files[0]), "all:", drawn.insertions);
  console.log("diffSummary --numstat:", JSON.stringify(counted.files[0]), "all:", counted.insertions);
  const [file] = drawn.files;
  process.exit(file.changes === 5000 && file.insertions < 4100 && file.deletions === 0 && drawn.insertions === 5001 &&
    counted.files[0].insertions === 5000 ? 0 : 1);
})();
JS
node ../summary.cjs
