#!/bin/sh
# jira2md, which turns Jira's markup into Markdown, turns what stands in {code} as well: inside the fence, where
# Markdown takes nothing for markup, *new* is **new**, _all_ is *all*, a comment "# first" is a list "1. first", and
# "log a^ b^" is "log a<sup> b</sup>". Outside of it, "HEAD~1 and HEAD~2" gets an index, and of read_file and write_file
# the underscores are asterisks. One would guess that code comes through as it is, which is what {code} is for. Who
# moves a tracker to a forge changes the patches, logs and scripts in its tickets, for good. Seen with jira2md 3.0.1.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts jira2md@3.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'jira2md %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/jira2md/package.json')).version")"
cat >ticket.txt <<'JIRA'
It breaks between HEAD~1 and HEAD~2, in read_file and write_file:
{code:bash}
# first of all
make _all_ *new* OPTIONS=-j2
h1. is what it prints
echo {{name}} | git log a^ b^
{code}
JIRA
node -e 'process.stdout.write(require("jira2md").to_markdown(require("fs").readFileSync("ticket.txt", "utf8")))' >ticket.md
cat ticket.md
grep -q 'HEAD<sub>1 and HEAD</sub>2, in read\*file and write\*file:' ticket.md && grep -q '^1\. first of all' ticket.md &&
    grep -qF 'make *all* **new** OPTIONS=-j2' ticket.md && grep -q '^# is what it prints' ticket.md &&
    grep -qF 'echo `name` | git log a<sup> b</sup>' ticket.md
