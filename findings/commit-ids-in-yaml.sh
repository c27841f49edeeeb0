#!/bin/sh
# An abbreviated commit id in YAML is a number to one reader and a text to another: 1234e56 is 1.234e+59 to js-yaml and
# text to PyYAML; 0123456, digits alone, is 123456 to js-yaml, and 42798 to PyYAML, which reads it as octal. The next
# id, 12ab345, is text to both. And of a workflow of GitHub's PyYAML has the key True where it says "on:", and 9:15 is
# 555 to it; js-yaml has "on" and "9:15". One would guess that an id of hex digits is text, as nearly all are, or at
# least that two readers see one. A list of bad commits, of builds, or of pinned actions without quotes is right for
# months and then lacks one. Seen with PyYAML 6.0 (Debian 12), which follows YAML 1.1, and js-yaml 4.1.1.
# Needs node, npm and apt-get; fetches that package, and installs Debian's package python3-yaml where it is missing.
# Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import yaml' 2>/dev/null || apt-get install -y --no-install-recommends python3-yaml >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts js-yaml@4.1.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf '%s\n' 'on: push' 'at: 9:15' 'skip: [12ab345, 1234e56, 0123456]' >bad.yaml
cat >show.py <<'PY'
import json
import sys

import yaml

found = yaml.safe_load(open("bad.yaml"))
print("PyYAML", yaml.__version__, found)
sys.exit(0 if found == {True: "push", "at": 555, "skip": ["12ab345", "1234e56", 42798]} else 1)
PY
/usr/bin/python3 show.py
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { load } from "js-yaml";

const found = load(readFileSync("bad.yaml", "utf8"));
console.log("js-yaml", JSON.parse(readFileSync("node_modules/js-yaml/package.json")).version, found);
process.exit(JSON.stringify(found) === '{"on":"push","at":"9:15","skip":["12ab345",1.234e+59,123456]}' ? 0 : 1);
JS
node show.mjs
