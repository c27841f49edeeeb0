#!/bin/sh
# A link to a release in a change log leads nowhere on the project's site: of the headline "1.2.0 - 2026-01-05" GitHub
# makes the anchor 120---2026-01-05 (github-slugger), MkDocs and Pelican 120-2026-01-05 (Python-Markdown), and Jekyll
# "section" (kramdown), since it takes off all before the first letter; so each release but those that begin with a "v"
# is section, section-1, section-2, from the top, and every new one moves the anchors of all before it. The second
# "Fixed" is fixed-1, fixed_1 and fixed-1. One would guess that a headline has one anchor, as all follow GitHub's form.
# "What is new in 1.1.0", linked from a mail or an issue, shows another release a month later, and no check of links
# fails. "{#v1.2.0}" behind a headline names it for kramdown, and for Python-Markdown with attr_list. Seen with
# github-slugger 2.0.0, Python-Markdown 3.4.1 and kramdown 2.4.0 (Debian 12).
# Needs node, npm and apt-get; fetches that package, and installs Debian's packages python3-markdown and ruby-kramdown
# where they are missing. Exits non-zero where they behave otherwise.
set -eu
/usr/bin/python3 -c 'import markdown' 2>/dev/null || apt-get install -y --no-install-recommends python3-markdown >/dev/null
/usr/bin/ruby -e 'require "kramdown"' 2>/dev/null || apt-get install -y --no-install-recommends ruby-kramdown >/dev/null
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts github-slugger@2.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf '%s\n\n' '## 1.2.0 - 2026-01-05' '### Fixed' '- a' '## 1.1.0 - 2026-01-01' '### Fixed' '- b' >changes.md
printf '%s\n\n' '## 1.3.0 - 2026-02-02' '- c' >newer.md
cat changes.md >>newer.md
cat >github.mjs <<'JS'
import { readFileSync } from 'node:fs';
import Slugger from 'github-slugger';
const slugger = new Slugger();
console.log(readFileSync(process.argv[2], 'utf8').split('\n').filter((line) => line.startsWith('#'))
  .map((line) => slugger.slug(line.replace(/^#+ /, ''))).join(' '));
JS
cat >python.py <<'PY'
import re
import sys

import markdown

print(*re.findall('id="([^"]*)"', markdown.markdown(open(sys.argv[1]).read(), extensions=["toc"])))
PY
for file in changes newer; do
    node github.mjs $file.md >$file.github
    /usr/bin/python3 python.py $file.md >$file.python
    /usr/bin/ruby -e 'require "kramdown"; puts Kramdown::Document.new(File.read(ARGV[0])).to_html.scan(/id="([^"]*)"/).join(" ")' \
        $file.md >$file.kramdown
done
/usr/bin/ruby -e 'require "kramdown"; puts "kramdown " + Kramdown::VERSION'
/usr/bin/python3 -c 'import markdown; print("Python-Markdown", markdown.__version__)'
for reader in github python kramdown; do echo "$reader: $(cat changes.$reader) | with 1.3.0: $(cat newer.$reader)"; done
[ "$(cat changes.github)" = '120---2026-01-05 fixed 110---2026-01-01 fixed-1' ] &&
    [ "$(cat changes.python)" = '120-2026-01-05 fixed 110-2026-01-01 fixed_1' ] &&
    [ "$(cat changes.kramdown)" = 'section fixed section-1 fixed-1' ] &&
    [ "$(cat newer.kramdown)" = 'section section-1 fixed section-2 fixed-1' ]
