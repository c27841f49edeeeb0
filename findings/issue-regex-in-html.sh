#!/bin/sh
# issue-regex finds issues where forges link none: in "it&#39;s", the apostrophe of text that is escaped for HTML, #39;
# in the colour "#123456" issue 123456; in "C#7" issue 7; in "docs.md#18" issue 18 of the repository "md", and in the
# address https://example.org/page#19 issue 19 of "org/page". On the other hand GH-13, which GitHub links, is none. One
# would guess that what finds "issue references" leaves out what is part of a word, an address or an entity. Feeds,
# mails and trackers' exports hand over HTML, so every apostrophe in a title is a mention of issue 39, and a bot that
# links, closes or counts by it is most interested in that one. Seen with issue-regex 4.3.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts issue-regex@4.3.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from 'node:fs';
import issueRegex from 'issue-regex';
console.log('issue-regex', JSON.parse(readFileSync('node_modules/issue-regex/package.json')).version);
const expected = {
  'Reader doesn&#39;t close #12': '#39 #12',
  'Background is #123456': '#123456',
  'Anchors: docs.md#18': 'md#18',
  'See https://example.org/page#19': 'org/page#19',
  'Closes GH-13': '',
  'Closes owner/name#14': 'owner/name#14',
};
let same = true;
for (const [text, numbers] of Object.entries(expected)) {
  const found = (text.match(issueRegex()) || []).join(' ');
  console.log(JSON.stringify(text), '->', found || 'none');
  same = same && found === numbers;
}
process.exit(same ? 0 : 1);
JS
node show.mjs
