#!/bin/sh
# npm's keep-a-changelog, which reads a change log and writes it anew with a release added, drops what links point at:
# of "see [the manual][manual]" with "[manual]: https://..." at the end of the file the first stays and the second goes,
# so the link is plain text with brackets; only definitions of versions are kept, and these are made anew. A paragraph
# below a list becomes part of its last entry, and a file without an introduction gets one, which says that the project
# adheres to Semantic Versioning. Releases are put in another order: 1.1.1, a fix for an older line that stood on top,
# as the newest, goes below 1.2.0, which is then compared with it. One would guess that what was not changed is written
# as it was. Seen with keep-a-changelog 3.1.0.
# Needs node and npm; fetches that package. Exits non-zero where it behaves otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{}' >package.json
npm install --no-audit --no-fund --ignore-scripts keep-a-changelog@3.1.0 >npm.log 2>&1 || { cat npm.log; exit 1; }
cat >CHANGELOG.md <<'MD'
# Changelog

## [1.1.1] - 2026-02-05

### Fixed

- Closes files

## [1.2.0] - 2026-01-05

### Added

- Reads archives, see [the manual][manual]

Thanks to all.

## [1.1.0] - 2025-12-05

### Added

- Reads files

[1.1.1]: https://example.org/compare/v1.1.0...v1.1.1
[1.2.0]: https://example.org/compare/v1.1.0...v1.2.0
[manual]: https://example.org/manual
MD
cat >show.mjs <<'JS'
import { readFileSync } from "fs";
import { parser } from "keep-a-changelog";
const text = parser(readFileSync("CHANGELOG.md", "utf8")).toString();
console.log(text);
const order = [...text.matchAll(/^## \[([^\]]*)/gm)].map((match) => match[1]).join();
const ok = text.includes("[the manual][manual]") && !text.includes("https://example.org/manual") && /\n  Thanks to all\./.test(text) && order === "1.2.0,1.1.1,1.1.0" && text.includes("compare/v1.1.1...v1.2.0") && text.includes("adheres to [Semantic Versioning]");
process.exit(ok ? 0 : 1);
JS
node show.mjs
