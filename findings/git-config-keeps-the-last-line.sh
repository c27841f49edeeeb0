#!/bin/sh
# Three readers of git's settings for Node keep the last of several lines of one name: of a remote that fetches branches
# and, by a second "fetch =", notes or pull requests, parse-git-config, gitconfiglocal and ini have the notes alone;
# likewise one of two "pushurl =", "insteadOf =" or "merge =". And gitconfiglocal and ini cut names at full stops,
# though in quotes: [branch "release/1.2"] is "release/1" in which is '2"', and "release/1.3" joins it there. Nothing is
# thrown. One would guess lists, since git's manual has several lines of one name for just these settings, and `git
# config --get-all` gives them; and that what is in quotes is one name. A tool that looks for the upstream of a
# maintenance branch, the branches that have releases in their names, finds none; a mirror made from what was read
# fetches notes and no branches. Seen with parse-git-config 3.0.0, gitconfiglocal 2.1.0, ini 6.0.0 and git 2.39.5.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts parse-git-config@3.0.0 gitconfiglocal@2.1.0 ini@6.0.0 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
export HOME="$folder" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null LC_ALL=C
git init -q -b main repository
git -C repository remote add origin https://example.org/reader.git
git -C repository config --add remote.origin.fetch '+refs/notes/*:refs/notes/*'
git -C repository config branch.release/1.2.remote origin
git -C repository config branch.release/1.3.remote origin
git --version
git -C repository config --get-all remote.origin.fetch
git -C repository config --get-regexp '^branch'
[ "$(git -C repository config --get-all remote.origin.fetch | wc -l)" -eq 2 ]
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const text = readFileSync("repository/.git/config", "utf8");
const whole = require("parse-git-config").sync({ cwd: "repository", path: ".git/config" });
const cut = require("ini").parse(text);
require("gitconfiglocal")("repository", (error, local) => {
  if (error) throw error;
  const branches = (settings) => Object.keys(settings).filter((name) => name.startsWith("branch"));
  const found = [
    ["parse-git-config", whole['remote "origin"'].fetch, branches(whole)],
    ["ini", cut['remote "origin"'].fetch, branches(cut), Object.keys(cut['branch "release/1'])],
    ["gitconfiglocal", local.remote.origin.fetch, Object.keys(local.branch), Object.keys(local.branch["release/1"])],
  ];
  for (const [name, ...rest] of found) console.log(version(name), JSON.stringify(rest));
  const notes = "+refs/notes/*:refs/notes/*";
  const expected = [
    ["parse-git-config", notes, ['branch "release/1.2"', 'branch "release/1.3"']],
    ["ini", notes, ['branch "release/1'], ['2"', '3"']],
    ["gitconfiglocal", notes, ["release/1"], ['2"', '3"']],
  ];
  process.exit(JSON.stringify(found) === JSON.stringify(expected) ? 0 : 1);
});
JS
node show.cjs
