#!/bin/sh
# remark-github, which links references as GitHub does, takes any number of seven digits or more for a commit: a date
# 20260105 and a bug 1234567 of another tracker become links to commits that there are not, and their text is cut to seven
# digits, so the date reads 2026010. GitHub links a hash only where the repository has that commit. One would guess that a
# hash without a letter is none (five words made of hex letters are excepted). A change log built with it sends readers to
# missing pages, and loses digits of dates and numbers. Seen with remark-github 12.0.0 and remark 15.0.1.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts remark@15.0.1 remark-github@12.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >link.mjs <<'JS'
import { remark } from "remark";
import github from "remark-github";
import { readFileSync } from "node:fs";
for (const name of ["remark", "remark-github"]) console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const expected = {
  "Since 20260105 it is": "Since [`2026010`](https://github.com/o/r/commit/20260105) it is",
  "see our old bug 1234567": "see our old bug [`1234567`](https://github.com/o/r/commit/1234567)",
  "a facade was defaced": "a facade was defaced",
};
let same = true;
for (const [text, linked] of Object.entries(expected)) {
  const seen = String(await remark().use(github, { repository: "o/r" }).process(text)).trim();
  console.log(text, "->", seen);
  same &&= seen === linked;
}
process.exit(same ? 0 : 1);
JS
node link.mjs
