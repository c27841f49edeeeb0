#!/bin/sh
# slack-markdown escapes what Slack has escaped already: in its messages, as its API and its exports hand them over, "<"
# is "&lt;" and "&" is "&amp;", and toHTML makes "&amp;lt;" of the first, so a reader sees "if (a &lt; b &amp;&amp; c)".
# Its *bold* and _italic_ begin and end within words, which Slack's do not: of "read_size and _only_ that" it makes
# "size and _only" italic, and 2*3*4 has a bold 3. Links with "&" in them go elsewhere; with escapeHTML: false, code and
# links are still escaped twice. One would guess that a parser for Slack's messages reads them as Slack shows them. An
# archive of a project's channel made with it has its code wrong, line by line. Seen with slack-markdown 0.3.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts slack-markdown@0.3.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'slack-markdown %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/slack-markdown/package.json')).version")"
cat >show.cjs <<'JS'
const { toHTML } = require("slack-markdown");
let same = true;
for (const [message, html] of [
  ["if (a &lt; b)", "if (a &amp;lt; b)"],
  ["`a &lt; b`", "<code>a &amp;lt; b</code>"],
  ["<https://example.org/?a=1&amp;b=2|log>", '<a href="https://example.org/?a=1&amp;amp;b=2">log</a>'],
  ["set read_size and _only_ that", "set read<em>size and _only</em> that"],
  ["*Note:* 2*3*4 is 24", "<strong>Note:</strong> 2<strong>3</strong>4 is 24"],
]) {
  console.log(message, "->", toHTML(message));
  same &&= toHTML(message) === html;
}
process.exit(same ? 0 : 1);
JS
node show.cjs
