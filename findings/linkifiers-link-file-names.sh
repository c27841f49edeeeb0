#!/bin/sh
# Libraries that make links of what people write link the names of source files: to linkifyjs and autolinker README.md,
# setup.py, main.rs, build.sh, index.pl, parser.cc, libc.so, Makefile.am and configure.ac are places on the Web, each
# with "http://" in front, since md, py, rs, sh, pl, cc, so, am and ac are domains of countries and islands. reader.c,
# node.js and app.rb are none. markdown-it with linkify: true leaves all alone since its version 15. One would guess
# that "See README.md" has no link, as a forge shows it. In archives of chats and lists, and in comments that a bot
# copies, every other file leads to a stranger's site; what counts the links of an issue, or looks for dead ones in a
# manual, finds dozens. Seen with linkifyjs 4.4.0, autolinker 4.1.5 and markdown-it 15.0.3.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts linkifyjs@4.4.0 autolinker@4.1.5 markdown-it@15.0.3 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.cjs <<'JS'
const { readFileSync } = require("node:fs");
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
const { Autolinker } = require("autolinker");
const markdown = require("markdown-it")({ linkify: true });
const finders = {
  linkifyjs: (text) => require("linkifyjs").find(text).map((link) => link.value),
  autolinker: (text) => Autolinker.parse(text, { urls: true }).map((match) => match.getMatchedText()),
  "markdown-it": (text) => [...markdown.render(text).matchAll(/<a [^>]*>([^<]*)/g)].map((link) => link[1]),
};
const text = "README.md setup.py main.rs build.sh index.pl parser.cc libc.so Makefile.am configure.ac reader.c node.js app.rb";
const found = Object.entries(finders).map(([name, find]) => {
  console.log(version(name), "links", find(text).join(" ") || "none");
  return find(text).join(" ");
});
const linked = "README.md setup.py main.rs build.sh index.pl parser.cc libc.so Makefile.am configure.ac";
process.exit(found.join() === `${linked},${linked},` ? 0 : 1);
JS
node show.cjs
