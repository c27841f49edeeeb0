#!/bin/sh
# "src/[!t]*.c", all files but those that begin with a t, is to micromatch and picomatch the very opposite: they match
# src/test.c and not src/main.c, since "!" is one more letter in their brackets ("^" turns one round). minimatch, the
# shell and git's own patterns have main.c. They differ about "src/**", too: the folder itself is a match to the two and
# none to minimatch; and about "#12/*", a remark to minimatch alone, which matches nothing. One would guess that one
# pattern is one in filters of paths, labels by path, linters and test runners of one project, which use any of the
# three. A job "not for tests" runs for tests alone. Seen with micromatch 4.0.8, picomatch 4.0.7, minimatch 11.0.9, git
# 2.39.5 and dash.
# Needs git, node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts micromatch@4.0.8 picomatch@4.0.7 minimatch@11.0.9 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const matchers = { minimatch: require("minimatch").minimatch, micromatch: require("micromatch").isMatch, picomatch: require("picomatch").isMatch };
let found = "";
for (const [pattern, file] of [["src/[!t]*.c", "src/main.c"], ["src/[!t]*.c", "src/test.c"], ["src/[^t]*.c", "src/main.c"], ["src/**", "src"], ["#12/*", "#12/a.c"]]) {
  const answers = Object.entries(matchers).map(([name, matches]) => [name, matches(file, pattern)]);
  console.log(pattern, "and", file + ":", answers.map((answer) => answer.join(" ")).join(", "));
  found += answers.map((answer) => +answer[1]).join("") + " ";
}
process.exit(found === "100 011 111 011 011 " ? 0 : 1);
JS
node show.cjs
git init -q tree
mkdir tree/src
touch tree/src/main.c tree/src/test.c
echo 'src/[!t]*.c' >tree/.gitignore
ignored=$(git -C tree status --porcelain --ignored --untracked-files=all | sed -n 's/^!! //p')
shell=$(cd tree && echo src/[!t]*.c)
printf 'git: %s, the shell: %s\n' "$ignored" "$shell"
[ "$ignored" = src/main.c ] && [ "$shell" = src/main.c ]
