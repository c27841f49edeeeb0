#!/bin/sh
# simple-git's log({ from, to }) has the commits of both sides: it asks git for "from...to", with three full stops, so
# that of a branch "side" and "main", which went on, log({ from: "side", to: "main" }) lists what main has and side
# lacks, and what side has and main lacks, with no mark as to which is which. One would guess the first alone, as "from"
# and "to" say, as git's own from..to means, and as other clients have it. It is alike while `from` is older and on the
# same line; "what is new since the last release", asked on the main branch after a fix was released from a branch for
# maintenance, has the maintenance's own commits in it once more. Two columns "ahead" and "behind" are the same number.
# symmetric: false gives one side. Seen with simple-git 4.0.2 and git 2.39.5.
# Needs git, node and npm; fetches that package. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts simple-git@4.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git init -q -b main repository
commit() { git -C repository commit -q --allow-empty -m "$1"; }
commit one
git -C repository tag v1.0.0
git -C repository checkout -q -b maintenance
commit backport
git -C repository tag v1.0.1
git -C repository checkout -q main
commit feature
commit 'feature two'
git --version
[ "$(git -C repository rev-list --count v1.0.1..main)" -eq 2 ]
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import { simpleGit } from "simple-git";
console.log("simple-git", JSON.parse(readFileSync("node_modules/simple-git/package.json")).version);
const git = simpleGit("repository");
const messages = async (options) => (await git.log(options)).all.map((commit) => commit.message).sort().join();
const seen = [
  await messages({ from: "v1.0.1", to: "main" }),
  await messages({ from: "main", to: "v1.0.1" }),
  await messages({ from: "v1.0.1", to: "main", symmetric: false }),
];
console.log("v1.0.1 to main:", seen[0]);
console.log("main to v1.0.1:", seen[1]);
console.log("symmetric: false:", seen[2]);
process.exit(seen.join(" ") === "backport,feature,feature two backport,feature,feature two feature,feature two" ? 0 : 1);
JS
node show.mjs
