#!/bin/sh
# slugify makes of "Fix: 'a' (again)!" Fix:-'a'-(again)!, of "std::vector<int> is slow"
# std::vectorlessintgreater-is-slow, and of "C# + F#" C-+-F: unless strict it keeps : ' ( ) ! * ~ @ . $ and the plus,
# and puts words for < > % and &. One would guess letters, digits and minus signs, as @sindresorhus/slugify has them. A
# branch named by an issue's title is refused by git, which wants no colon, no ~ and no "..", so "branch for this issue"
# works for most and not for those with a colon; a file of such a name cannot be checked out on Windows. Seen with
# slugify 1.6.9, @sindresorhus/slugify 3.0.1 and git 2.39.5.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts slugify@1.6.9 @sindresorhus/slugify@3.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import strict from "@sindresorhus/slugify";
import slugify from "slugify";
import { spawnSync } from "child_process";
const titles = ["Fix: 'a' (again)!", "std::vector<int> is slow", "C# + F#"];
const fits = (name) => spawnSync("git", ["check-ref-format", "--branch", name]).status === 0;
const found = titles.map((title) => [slugify(title), fits(slugify(title)), strict(title), fits(strict(title))]);
titles.forEach((title, i) => console.log(title + ":", "slugify", found[i][0], "a branch:", found[i][1], "@sindresorhus/slugify", found[i][2], "a branch:", found[i][3]));
const [again, vector, sharps] = found;
process.exit(again[0] === "Fix:-'a'-(again)!" && !again[1] && vector[0] === "std::vectorlessintgreater-is-slow" && !vector[1] && sharps[0] === "C-+-F" && found.every((one) => one[3]) ? 0 : 1);
JS
node show.mjs
