#!/bin/sh
# Two libraries for CODEOWNERS give files in folders below to the owner of `docs/*`. GitHub's manual has that very line as
# the example for "the files in docs, but not those in folders of it"; codeowners and codeowners-utils ask a reader of
# .gitignore, for which a folder that matches takes all below it along. One would guess that a library named for the
# format follows GitHub. A bot that asks owners for reviews asks the wrong ones, and the right ones, of an earlier line,
# never. Seen with codeowners 5.1.1 and codeowners-utils 1.0.2.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts codeowners@5.1.1 codeowners-utils@1.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
git init -q .
mkdir -p docs/reference
printf '*       @everybody\ndocs/*  @writers\n' >CODEOWNERS
cat >owners.cjs <<'JS'
const Codeowners = require("codeowners");
const utils = require("codeowners-utils");
for (const name of ["codeowners", "codeowners-utils"])
  console.log(name, JSON.parse(require("node:fs").readFileSync(`node_modules/${name}/package.json`)).version);
utils.loadOwners(process.cwd()).then((entries) => {
  const owners = new Codeowners(process.cwd());
  let same = true;
  for (const path of ["docs/index.md", "docs/reference/api.md", "source/docs/index.md"]) {
    const first = String(owners.getOwner(path));
    const second = String(utils.matchFile(path, entries).owners);
    console.log(path, "-> codeowners", first, ", codeowners-utils", second);
    same &&= first === second && first === (path.startsWith("docs/") ? "@writers" : "@everybody");
  }
  process.exit(same ? 0 : 1);
});
JS
node owners.cjs
