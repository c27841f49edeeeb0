#!/bin/sh
# For npm's codeowners a remark behind a line's owners is more owners: of "/src/ @ada # was @bob until 2025" it says
# that @ada, "#", "was", "@bob", "until" and "2025" own what is in src. GitHub's manual has remarks at the end of a line
# in its example ("apps/ @octocat # ..."), and codeowners-utils takes them off. One would guess that a # begins a remark
# there as it does at the beginning of a line. Who left is asked for reviews again, and counts of files by owner have
# rows for words. Seen with codeowners 5.1.1 and codeowners-utils 1.0.2.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts codeowners@5.1.1 codeowners-utils@1.0.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf '* @core\n/src/ @ada # was @bob until 2025\n' >CODEOWNERS
cat >show.cjs <<'JS'
const fs = require("fs");
const Codeowners = require("codeowners");
const utils = require("codeowners-utils");
const first = new Codeowners(".").getOwner("src/reader.c");
const second = utils.matchFile("src/reader.c", utils.parse(fs.readFileSync("CODEOWNERS", "utf8"))).owners;
for (const [name, owners] of [["codeowners", first], ["codeowners-utils", second]])
    console.log(name, JSON.parse(fs.readFileSync(`node_modules/${name}/package.json`)).version, owners);
process.exit(first.join(" ") === "@ada # was @bob until 2025" && second.join(" ") === "@ada" ? 0 : 1);
JS
node show.cjs
