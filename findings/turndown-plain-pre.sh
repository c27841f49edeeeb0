#!/bin/sh
# Two libraries that turn HTML into Markdown make a code block of <pre><code> alone: turndown and node-html-markdown write
# what stands in a plain <pre> as text. Markdown joins its lines and drops their indentation, a shell's comment "# checking"
# becomes a headline, and what happens to be set in by four blanks is code, in which turndown's backslashes show. A plain
# <pre>, and one in which words are coloured, is what Redmine, Trac, Bugzilla and archives of mailing lists write. One would
# guess that preformatted text stays so. Who moves a tracker to a forge has logs, backtraces and patches as running text, for
# good. Seen with turndown 7.2.5, node-html-markdown 2.0.0, and marked 18.2.1 as the reader.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts turndown@7.2.5 node-html-markdown@2.0.0 marked@18.2.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from "node:fs";
import Turndown from "turndown";
import { NodeHtmlMarkdown } from "node-html-markdown";
import { marked } from "marked";
const version = (name) => `${name} ${JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version}`;
console.log(["turndown", "node-html-markdown", "marked"].map(version).join(", "));
const turndown = new Turndown({ codeBlockStyle: "fenced" });
let same = true;
for (const [html, ...wanted] of [
  ["<pre>$ make\n# checking\n    at line 3</pre>", "<h1>checking</h1>"],
  ['<pre><span class="k">int</span> *p;\n  p++;</pre>', "<p>int *p;\n  p++;</p>"],
  ["<pre>Values:\n\n    x = read_file(a)</pre>", "<p>Values:</p>"],
  ["<pre><code>$ make\n# checking\n    at line 3</code></pre>", "<pre><code>$ make\n# checking\n    at line 3\n</code></pre>"],
]) {
  for (const markdown of [turndown.turndown(html), NodeHtmlMarkdown.translate(html)]) {
    const shown = marked.parse(markdown);
    console.log(JSON.stringify(html), "->", JSON.stringify(markdown), "-> ", JSON.stringify(shown));
    same &&= wanted.every((part) => shown.includes(part));
  }
}
same &&= marked.parse(turndown.turndown("<pre>Values:\n\n    x = read_file(a)</pre>")).includes("read\\_file");
process.exit(same ? 0 : 1);
JS
node show.mjs
