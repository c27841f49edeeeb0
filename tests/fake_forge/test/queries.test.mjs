// Every query that the program sends, with the fragments it is put together from, against GitHub's published schema.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test from 'node:test';
import { validateQuery } from '../lib/graphql.mjs';

const folder = new URL('../../../src/sources/github/queries/', import.meta.url);
const names = fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.endsWith('.graphql')) : [];
const texts = new Map(names.map((name) => [name, fs.readFileSync(new URL(name, folder), 'utf8')]));
const fragments = new Map([...texts.values()].flatMap((text) => [...text.matchAll(/^fragment (\w+) on/gm)].map(([, name]) => [name, text])));

// The text with all that it spreads, and what that spreads.
function whole(text) {
  const parts = new Set([text]);
  for (const part of parts) for (const [, name] of part.matchAll(/\.\.\.\s*(\w+)/g)) if (name !== 'on' && fragments.has(name)) parts.add(fragments.get(name));
  return [...parts].join('\n');
}

for (const [name, text] of texts) if (/^query/m.test(text)) test(`${name} is valid`, () => assert.deepEqual(validateQuery(whole(text)), []));
