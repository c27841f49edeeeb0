#!/bin/sh
# Three libraries that take addresses of GitHub apart find three branches: of .../owner/name/blob/main/src/reader.c
# github-url-to-object says main/src, parse-github-url main; of .../tree/feature/new-reader, a branch with a slash,
# hosted-git-info and parse-github-url say feature, which is none. And an issue has a branch: of .../issues/12
# parse-github-url says the branch is "issues", of .../pull/12 "pull", of .../releases/tag/v1.0 "releases",
# github-url-to-object says "master" to all of them, as to each address without one. One would guess no branch where
# none is named. A bot that clones what is linked takes a branch that there is not. Seen with github-url-to-object
# 4.0.6, parse-github-url 1.0.4 and hosted-git-info 9.0.3.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts github-url-to-object@4.0.6 parse-github-url@1.0.4 hosted-git-info@9.0.3 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const toObject = require("github-url-to-object");
const parse = require("parse-github-url");
const hosted = require("hosted-git-info");
let found = "";
for (const end of ["blob/main/src/reader.c", "tree/feature/new-reader", "issues/12", "pull/12", "releases/tag/v1.0"]) {
  const url = "https://github.com/owner/name/" + end;
  const branches = [toObject(url)?.branch, parse(url)?.branch, hosted.fromUrl(url)?.committish];
  console.log(end + ":", "github-url-to-object", branches[0] + ", parse-github-url", branches[1] + ", hosted-git-info", branches[2]);
  found += branches.map(String).join() + ";";
}
const expected = "main/src,main,undefined;feature/new-reader,feature,feature;master,issues,undefined;master,pull,undefined;master,releases,undefined;";
process.exit(found === expected ? 0 : 1);
JS
node show.cjs
