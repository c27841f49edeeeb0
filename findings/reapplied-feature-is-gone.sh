#!/bin/sh
# A feature that was taken back and put in again is in no change log: conventional-commits-filter, by which
# conventional-changelog and tools on top of it leave out what was reverted, drops the feature and its revert, and what
# git writes nowadays for the revert of a revert, `Reapply "feat: read archives"`, is no commit of any type to the
# parser. What older versions of git wrote for it, `Revert "Revert "feat: ..."""`, is understood, and the feature stays.
# One would guess that both, the same commit but for its subject, mean the same. Since git 2.43 a release lacks, in its
# notes and in its number, all that was held back once and then let in. Seen with conventional-commits-filter 5.0.0 and
# conventional-commits-parser 6.4.0.
# Needs node and npm; fetches these packages. Exits non-zero where they behave otherwise.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo "{}" >package.json
npm install --no-audit --no-fund --ignore-scripts conventional-commits-filter@5.0.0 conventional-commits-parser@6.4.0 >npm.log 2>&1 ||
    { cat npm.log; exit 1; }
cat >show.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { filterRevertedCommitsSync } from 'conventional-commits-filter';
import { CommitParser } from 'conventional-commits-parser';

for (const name of ['conventional-commits-filter', 'conventional-commits-parser'])
  console.log(name, JSON.parse(readFileSync(`node_modules/${name}/package.json`)).version);
const parser = new CommitParser();
const commit = (digit, subject, reverts) => {
  const parsed = parser.parse(subject + (reverts ? `\n\nThis reverts commit ${reverts.repeat(40)}.` : ''));
  return { ...parsed, hash: digit.repeat(40), raw: { ...parsed, hash: digit.repeat(40) } };
};
const history = (last) => [
  commit('3', last, '2'), commit('2', 'Revert "feat: read archives"', '1'), commit('1', 'feat: read archives'),
];
const left = (last) => [...filterRevertedCommitsSync(history(last))].map((one) => `${one.type || 'no type'}: ${one.header}`);
const older = left('Revert "Revert "feat: read archives""');
const newer = left('Reapply "feat: read archives"');
console.log('Revert "Revert ...":', older);
console.log('Reapply "...":', newer);
process.exit(older.length === 1 && older[0] === 'feat: feat: read archives' && newer.length === 1 && newer[0].startsWith('no type: Reapply') ? 0 : 1);
JS
node show.mjs
