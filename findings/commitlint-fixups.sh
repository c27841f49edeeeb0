#!/bin/sh
# Gates on commit messages let through what was never meant to stay: commitlint finds nothing wrong in "fixup! feat: read
# archives", "squash! x" and "amend! x", and of "revert stuff" and "Merged one thing into another" it thinks the same;
# gitlint passes "fixup! x" and "Merge things", too. Both have lists of subjects that they leave aside by default, told by
# their beginnings alone. One would guess that the gate in front of the main branch is where a forgotten fixup! is stopped,
# since it has no type. Change logs, and releases made of subjects, miss what is in them. defaultIgnores: false, and
# gitlint's ignore-fixup-commits=false, look at them. Seen with @commitlint/lint 20.5.3 and gitlint 0.18.0 (Debian 12).
# Needs git, node, npm and apt-get; fetches these packages, and installs gitlint where it is missing. Exits non-zero where
# they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @commitlint/lint@20.5.3 @commitlint/load@20.5.3 @commitlint/config-conventional@20.5.3 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import lint from "@commitlint/lint";
import load from "@commitlint/load";
console.log("commitlint", JSON.parse(readFileSync("node_modules/@commitlint/lint/package.json")).version);
const { rules } = await load({ extends: ["@commitlint/config-conventional"] });
let same = true;
for (const [subject, expected] of [
  ["feat: read archives", true],
  ["read archives", false],
  ["fixup! feat: read archives", true],
  ["squash! x", true],
  ["amend! x", true],
  ["revert stuff", true],
  ["Merged one thing into another", true],
]) {
  const { valid } = await lint(subject, rules);
  const strict = await lint(subject, rules, { defaultIgnores: false });
  console.log(`${JSON.stringify(subject)}: ${valid ? "passes" : "refused"}, with defaultIgnores: false ${strict.valid ? "passes" : "refused"}`);
  same &&= valid === expected && strict.valid === (subject === "feat: read archives");
}
process.exit(same ? 0 : 1);
JS
node show.mjs
command -v gitlint >/dev/null || apt-get install -y --no-install-recommends gitlint >/dev/null
export LC_ALL=C.UTF-8
gitlint --version
git init -q repository
cd repository
ask() {
    printf '%s\n' "$1" | gitlint >../gitlint.txt 2>&1 && code=0 || code=$?
    printf 'gitlint, "%s": exit code %s\n' "$1" "$code"
}
ask 'wip'
[ "$code" -ne 0 ]
ask 'fixup! x'
[ "$code" -eq 0 ]
ask 'Merge things'
[ "$code" -eq 0 ]
