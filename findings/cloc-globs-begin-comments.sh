#!/bin/sh
# A pattern for files in a text begins a comment to cloc, and to npm's sloc: of five lines of code, of which the first
# is `files = "src/**"` and the fourth `tests = "test/**/*.js"`, cloc counts two, and three of comments, as "/*" in the
# one and "*/" in the other are where a comment begins and ends; so in JavaScript as in C. ohcount and sloccount have
# five. One would guess that a text is one. Settings of builders and linters, routes and tests are full of such
# patterns: what lies between two of them, be it half a file, is well commented, and turning a pattern into another one
# makes a project smaller. Seen with cloc 1.96, sloc 0.3.2 and ohcount 4.0.0 (Debian 12).
# Needs node, npm and apt-get; fetches sloc, installs Debian's packages cloc and ohcount where they are missing. Exits
# non-zero where they behave otherwise.
set -eu
for tool in cloc ohcount; do command -v $tool >/dev/null || apt-get install -y --no-install-recommends $tool >/dev/null; done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts sloc@0.3.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
mkdir src
cat >src/build.js <<'JS'
const files = "src/**";
const one = 1;
const two = 2;
const tests = "test/**/*.js";
const three = 3;
JS
sed 's/^const \(files\|tests\)/const char *\1/; s/^const \(one\|two\|three\)/const int \1/' src/build.js >src/build.c
printf 'cloc %s\n' "$(cloc --version)"
cloc --quiet --csv --by-file src | grep build | sort | tee cloc.txt
for file in build.js build.c; do
    node -e 'const counts = require("sloc")(require("fs").readFileSync(process.argv[1], "utf8"), process.argv[1].split(".").pop()); console.log("sloc", process.argv[1], "source", counts.source, "comment", counts.comment)' "src/$file"
    printf 'ohcount %s\n' "$(ohcount -i "src/$file" | tail -n 1 | sed 's/  */ /g')"
done | tee others.txt
[ "$(grep -c ',0,3,2$' cloc.txt)" -eq 2 ] && [ "$(grep -c 'source 3 comment 4' others.txt)" -eq 2 ] && [ "$(grep -cE '^ohcount (c|javascript) 5 0 ' others.txt)" -eq 2 ]
