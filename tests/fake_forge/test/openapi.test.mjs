// The fake's REST answers against GitHub's own description of them (test/openapi.json, see extract_openapi.mjs).
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { before, after } from 'node:test';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { Served } from '../lib/served.mjs';

const description = JSON.parse(fs.readFileSync(new URL('./openapi.json', import.meta.url), 'utf8'));
let forge;
let ajv;
before(async () => {
  forge = await Served.start();
  ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
  addFormats(ajv, ['date-time', 'date']);
  for (const name of ['uri', 'uri-template', 'uri-reference', 'int64', 'email', 'iri', 'hostname', 'ipv4', 'repo.nwo', 'ssh-key']) ajv.addFormat(name, true);
  ajv.addSchema({ $id: 'github', components: { schemas: description.schemas } });
});
after(() => forge.stop());

const compiled = new Map();
function validator(path) {
  if (!compiled.has(path)) compiled.set(path, ajv.compile(JSON.parse(JSON.stringify(description.responses[path]).replaceAll('#/components', 'github#/components'))));
  return compiled.get(path);
}

// Where GitHub's own answers differ from the description, as recorded in backups of real projects, and so do ours:
// the fork is gone; the line is outdated; the comment is of one line.
const KNOWN = (error) => /\/(head\/repo|position|line|start_side|user)$/.test(error.instancePath) && ['type', 'enum'].includes(error.keyword);
// Entries of a timeline are one of many schemas; those of some kinds, and of deleted accounts, fit none.
const UNDESCRIBED = new Set([]);

async function check(path, url) {
  const { status, body } = await forge.get(url);
  assert.equal(status, 200, url);
  const valid = validator(path);
  valid(body);
  const entries = /\/(timeline|events)$/.test(path);
  const told = (error) => `${path}: ${error.instancePath.replace(/\/\d+/g, '/N')} ${error.message} ${JSON.stringify(error.params)}`;
  const problems = entries
    ? (valid.errors ?? []).filter((error) => error.keyword === 'anyOf' && /^\/\d+$/.test(error.instancePath)).map((error) => body[error.instancePath.slice(1)])
      .filter((entry) => !UNDESCRIBED.has(entry.event) && (entry.actor || !('actor' in entry)) && (entry.user || !('user' in entry))).map((entry) => `${path}: ${entry.event}`)
    : (valid.errors ?? []).filter((error) => !KNOWN(error)).map(told);
  assert.deepEqual([...new Set(problems)], []);
}

test('REST answers are as described', async (context) => {
  const home = `/repos/${forge.owner}/${forge.name}`;
  const numbers = (await forge.get('/_fake/project')).body.numbers;
  const head = (await forge.get(`${home}/pulls/2`)).body.head.sha;
  const run = 4_000_000_010;
  for (const path of Object.keys(description.responses)) {
    await context.test(path, async () => {
      const query = path.includes('search') ? '?q=dial' : '?per_page=100&state=all';
      const filled = path.replace('/repos/{owner}/{repo}', home).replace('{ref}', head).replace('{run_id}', run).replace('{path}', 'README.md') + query;
      if (!/\{/.test(filled)) return check(path, filled);
      const pulls = (await forge.get(`${home}/pulls?state=all&per_page=100`)).body.map((pull) => pull.number);
      for (const number of filled.includes('{pull_number}') ? pulls : numbers) await check(path, filled.replace(/\{\w+\}/, number));
      return undefined;
    });
  }
});
