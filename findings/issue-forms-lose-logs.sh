#!/bin/sh
# @zentered/issue-forms-body-parser, by which bots read what GitHub makes of an issue form, loses the logs: of "Run", a
# block of code and "It ended." in one answer, `text` has the two sentences and the code is nowhere; of two blocks the
# second alone is kept; a quotation and a table are gone. A second question of the same heading takes the place of the
# first, and a version is a time of day: of "3.10" it says time "03:10". Nothing is thrown. One would guess the answer
# as it was written, since text areas take any Markdown, and blocks of code are what forms ask for (render: shell). A
# bot that copies answers into another tracker, or looks in them for a known message, has the prose without the message.
# Seen with @zentered/issue-forms-body-parser 3.0.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts @zentered/issue-forms-body-parser@3.0.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >body.md <<'MD'
### Version

3.10

### Steps

Run

```
make test
```

It ended.

### Logs

```shell
first: cannot open
```

```shell
second: gone
```

### Expected

> as the manual says

No error.
MD
cat >show.js <<'JS'
const fs = require('fs');
const found = require('@zentered/issue-forms-body-parser');
const parse = [found, found.default, found.default && found.default.default].find((one) => typeof one === 'function');
console.log('issue-forms-body-parser',
  JSON.parse(fs.readFileSync('node_modules/@zentered/issue-forms-body-parser/package.json')).version);
(async () => {
  const form = await parse(fs.readFileSync('body.md', 'utf8'));
  for (const [key, value] of Object.entries(form)) console.log(key, JSON.stringify(value));
  const all = JSON.stringify(form);
  process.exit(
    !all.includes('make test') && form.steps.text.includes('Run') && form.steps.text.includes('It ended.') && !all.includes('first:') &&
    all.includes('second:') && !all.includes('manual') && form.version.time === '03:10' ? 0 : 1);
})();
JS
node show.js
