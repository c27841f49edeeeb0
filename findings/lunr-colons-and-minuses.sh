#!/bin/sh
# lunr, which searches pages of documentation and archives of issues, reads what people paste as its own language: in
# "Error: no such file" the word before the colon is a field, and since there is none it throws, "unrecognised field
# 'Error'"; "make -j" asks for what has make and no j, so that the very issue "make -j fails" is not found, and "read*"
# or "reader~2" are patterns. One would guess that search(text) looks for the words of a text, and that a language is
# another function, as query() is beside it. First lines of messages, the most usual thing that is pasted into a search,
# have colons ("gcc: error:", "ld: cannot find"), and options have a minus. A page without a catch shows nothing at all.
# Taking away ":", "-", "~", "^", "*" and "+" beforehand finds them. Seen with lunr 2.3.9.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts lunr@2.3.9 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >show.js <<'JS'
const lunr = require('lunr');
console.log('lunr', lunr.version);
const issues = [
  { id: 'archive', title: 'Error: no such file, when an archive is read' },
  { id: 'option', title: 'make -j fails' },
  { id: 'linker', title: 'ld: cannot find the reader' },
];
const index = lunr(function () {
  this.ref('id');
  this.field('title');
  issues.forEach((issue) => this.add(issue));
});
const search = (text) => {
  try { return index.search(text).map((found) => found.ref).join(' ') || 'nothing'; } catch (error) { return 'throws: ' + error.message; }
};
const plain = (text) => search(text.replace(/[-:~^*+]/g, ' '));
for (const issue of issues) console.log(JSON.stringify(issue.title), '->', search(issue.title), '| without signs ->', plain(issue.title));
process.exit(
  search(issues[0].title).startsWith('throws') && search(issues[2].title).startsWith('throws') && !search('make -j fails').includes('throws') &&
  search('make -fails') === 'nothing' && issues.every((issue) => plain(issue.title).includes(issue.id)) ? 0 : 1);
JS
node show.js
