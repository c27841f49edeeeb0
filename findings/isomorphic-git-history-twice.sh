#!/bin/sh
# isomorphic-git's log() gives a history twice where one clock was wrong: it takes the newest commit first, and remembers
# none that it has given. A commit on a merged branch that was dated before its own parents comes last, and all that
# stands below it comes again: of eight commits there are thirteen, those below the branch twice. One would guess each
# commit once, as `git log` gives it. Counts of commits and people, and change logs, made in a browser or in Node, are too
# high for just the older ones, and one laptop with a wrong clock is enough. Seen with isomorphic-git 1.44.19 and git 2.39.5.
# Needs git, node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts isomorphic-git@1.44.19 >npm.log 2>&1 || { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
export GIT_AUTHOR_NAME=Ada GIT_AUTHOR_EMAIL=ada@example.org GIT_COMMITTER_NAME=Ada GIT_COMMITTER_EMAIL=ada@example.org
git --version
git init -q -b main repository
cd repository
at() { # DATE COMMAND...
    GIT_AUTHOR_DATE=$1T12:00:00Z GIT_COMMITTER_DATE=$1T12:00:00Z
    export GIT_AUTHOR_DATE GIT_COMMITTER_DATE
    shift
    "$@"
}
commit() { at "$1" git commit -q --allow-empty -m "$2"; }
for month in 1 2 3 4 5; do commit "2024-0$month-01" "c$month"; done
git checkout -q -b side
commit 2019-01-01 'wrong clock'
git checkout -q main
commit 2024-06-01 c6
at 2024-07-01 git merge -q --no-ff side -m merge
printf 'git log:        %s\n' "$(git log --format=%s | tr '\n' ' ')"
cd ..
cat >show.cjs <<'JS'
const fs = require("node:fs");
const git = require("isomorphic-git");
(async () => {
  const version = JSON.parse(fs.readFileSync("node_modules/isomorphic-git/package.json")).version;
  const commits = await git.log({ fs, dir: "repository" });
  console.log(`isomorphic-git: ${commits.map(({ commit }) => commit.message.trim()).join(" ")}`);
  const different = new Set(commits.map(({ oid }) => oid)).size;
  console.log(`isomorphic-git ${version}: ${commits.length} commits, ${different} of them different`);
  process.exit(commits.length === 13 && different === 8 ? 0 : 1);
})();
JS
node show.cjs
