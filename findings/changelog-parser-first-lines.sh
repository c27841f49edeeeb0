#!/bin/sh
# changelog-parser cuts each entry after its first line: of a bullet that an editor wrapped, its `parsed` lists have
# what stands before the break, as if it were all; nested bullets, and those that begin with "+", are not there. A line
# that begins with "## " inside a fenced block begins a version, and takes the rest of the true one along. Nothing is
# thrown. One would guess that Markdown is read as Markdown; the format that it is for, Keep a Changelog, is that. Notes
# of a release made from it end in mid-sentence, or say "No longer reads" of what goes on "archives of version 1". Seen
# with changelog-parser 3.0.1; 4.1.0, for newer versions of Node, does the same.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts changelog-parser@3.0.1 >npm.log 2>&1 || { cat npm.log; exit 1; }
printf 'changelog-parser %s\n' "$(node -p "JSON.parse(require('fs').readFileSync('node_modules/changelog-parser/package.json')).version")"
cat >CHANGELOG.md <<'MD'
# Changelog

## [1.1.0] - 2026-02-01

### Changed

- No longer reads
  archives of version 1.
- Writes:
  - archives
  - indexes
+ Asks before it overwrites.
- Configuration:

```ini
## of this file all lines are optional
name = example
```

- Sorts names.
MD
cat >parse.cjs <<'JS'
require("changelog-parser")({ filePath: "CHANGELOG.md" }).then(({ versions }) => {
  for (const { title, parsed } of versions) console.log(JSON.stringify(title), JSON.stringify(parsed));
  const [first, second] = versions;
  const entries = JSON.stringify(["No longer reads", "Writes:", "Configuration:"]);
  process.exit(
    versions.length === 2 && JSON.stringify(first.parsed.Changed) === entries &&
      second.title === "of this file all lines are optional" && second.parsed._.join() === "Sorts names." ? 0 : 1,
  );
});
JS
node parse.cjs
