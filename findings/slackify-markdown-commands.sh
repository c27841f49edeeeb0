#!/bin/sh
# slackify-markdown, which turns Markdown into Slack's own markup, lets Slack's commands through: "<!channel>" and "<!here>"
# in a text come out as they went in, since they look like HTML to Markdown, and those in `code` do, too. Elsewhere it
# writes "<" as "&lt;", as Slack asks for. One would guess that text of others is escaped by what writes Slack's markup. A
# digest of new issues, one of which speaks of such a command, wakes a channel of hundreds. Replacing "<!" before, by
# "&lt;!", keeps it quiet. Seen with slackify-markdown 4.5.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts slackify-markdown@4.5.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import * as library from "slackify-markdown";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(version("slackify-markdown"));
const slackify = library.slackifyMarkdown ?? library.default;
let same = true;
for (const [markdown, part] of [
  ["a < b and c & d", "a &lt; b and c &amp; d"],
  ["The bot said <!channel> again", "The bot said <!channel> again"],
  ["<!here> is sent twice", "<!here> is sent twice"],
  ["Escape `<!channel>` in titles", "`<!channel>`"],
]) {
  const text = slackify(markdown);
  console.log(JSON.stringify(markdown), "->", JSON.stringify(text));
  same &&= text.includes(part);
}
same &&= slackify("The bot said &lt;!channel> again").includes("&lt;!channel");
process.exit(same ? 0 : 1);
JS
node show.mjs
