#!/bin/sh
# escapeMarkdown() of discord.js leaves a good deal of Discord's Markdown as it is: a title "# 1 broke the build" becomes a
# headline, "- x" and "1. x" lists, "[log](https://example.org)" a link whose address is not seen, "> x" a quotation, and
# <@123> and @everyone mentions. Headlines, lists and links with a text have switches, and these are off unless they are
# set; for the others there is none. One would guess that escaped text is shown as it was written. A bot that posts titles
# of issues shouts those that begin with a number sign, and pings whom they name. Seen with @discordjs/formatters 0.6.2.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts @discordjs/formatters@0.6.2 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import { escapeMarkdown } from "@discordjs/formatters";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(version("@discordjs/formatters"));
const all = { heading: true, bulletedList: true, numberedList: true, maskedLink: true };
let same = true;
for (const [text, expected, switched] of [
  ["*bold* and read_file", "\\*bold\\* and read\\_file", true],
  ["# 1 broke the build", "# 1 broke the build", true],
  ["- leaks", "- leaks", true],
  ["1. leaks", "1. leaks", true],
  ["[log](https://example.org)", "[log](https://example.org)", true],
  ["> as said", "> as said", false],
  ["asked <@123> and @everyone", "asked <@123> and @everyone", false],
]) {
  console.log(JSON.stringify(text), "->", escapeMarkdown(text), " with all switches:", escapeMarkdown(text, all));
  same &&= escapeMarkdown(text) === expected && (escapeMarkdown(text, all) !== text) === switched;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
