// The fake beside what GitHub really said: recorded exchanges (npm: @octokit/fixtures) and deliveries
// (npm: @octokit/webhooks-examples). Whatever key GitHub wrote, the fake writes, with a value of that type or null.
import assert from 'node:assert/strict';
import fs from 'node:fs';
import test, { before, after } from 'node:test';
import { Served } from '../lib/served.mjs';
import { Hooks } from '../lib/hooks.mjs';
import { Project } from '../lib/project.mjs';
import { mutate } from '../lib/mutations.mjs';

const packages = new URL('../node_modules/@octokit/', import.meta.url);
const recorded = (name) => JSON.parse(fs.readFileSync(new URL(`fixtures/scenarios/api.github.com/${name}/normalized-fixture.json`, packages), 'utf8'));
let forge;
before(async () => { forge = await Served.start(); });
after(() => forge.stop());

// What was taken out of the API since, or belongs to the person who asked.
const LEFT_OUT = new Set(['permissions', 'temp_clone_token', 'organization', 'allow_squash_merge', 'allow_merge_commit', 'allow_rebase_merge', 'allow_auto_merge', 'delete_branch_on_merge', 'license', 'active_lock_reason', 'security_and_analysis', 'use_squash_pr_title_as_default', 'allow_update_branch', 'score', 'mentions_count']);
function missing(theirs, ours, path = '') {
  if (theirs === null || ours === null || typeof theirs !== 'object') {
    const same = theirs === null || ours === null || typeof theirs === typeof ours;
    return same ? [] : [`${path}: ${typeof ours}, GitHub has ${typeof theirs}`];
  }
  if (Array.isArray(theirs)) return theirs.length && ours.length ? missing(theirs[0], ours[0], `${path}[]`) : [];
  return Object.entries(theirs).flatMap(([key, value]) => (LEFT_OUT.has(key) ? [] : key in ours ? missing(value, ours[key], `${path}.${key}`) : [`${path}.${key} is missing`]));
}

const PAIRS = [['paginate-issues', 0, '/issues?per_page=3'], ['paginate-issues', 1, '/issues?per_page=3&page=2'], ['get-repository', 0, ''], ['labels', 0, '/labels'], ['release-assets', 0, '/releases'], ['get-content', 1, '/contents/README.md']];
for (const [name, index, tail] of PAIRS)
  test(`recorded: ${name} ${tail}`, async () => {
    const exchange = recorded(name)[index];
    const { status, body, headers } = await forge.repo(tail);
    assert.equal(status, exchange.status);
    if (typeof exchange.response !== 'string') assert.deepEqual(missing(exchange.response, Array.isArray(body) && !Array.isArray(exchange.response) ? body[0] : body), []);
    const relations = (link) => [...(link ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g)].map(([, url, rel]) => `${rel} ${new URL(url).pathname.replace(/\d+/, 'ID')}`);
    if (exchange.headers.link) assert.deepEqual(relations(headers.get('link')).sort(), relations(exchange.headers.link).sort());
    assert.equal(Boolean(exchange.headers.etag), Boolean(headers.get('etag')));
  });

test('recorded: search-issues', async () => {
  const { body } = await forge.get(`/search/issues?q=shadow+repo:${forge.owner}/${forge.name}`);
  assert.deepEqual(missing(recorded('search-issues')[0].response, body), []);
});

test('recorded: rename-repository', async () => {
  await forge.control({ mutate: [{ op: 'rename_repository', name: 'newname' }] });
  const exchange = recorded('rename-repository').find((one) => one.status === 301);
  const { status, body, headers } = await forge.get(`/repos/${forge.owner}/gnomon`);
  assert.equal(status, 301);
  assert.equal(body.message, exchange.response.message);
  assert.match(headers.get('location'), /\/repositories\/\d+$/);
  await forge.control({ reset: true });
});

test('deliveries have what the examples have', () => {
  const events = JSON.parse(fs.readFileSync(new URL('webhooks-examples/api.github.com/index.json', packages), 'utf8'));
  const project = new Project(forge.folder);
  const hooks = new Hooks(project);
  const orders = [
    { op: 'comment', number: 1 }, { op: 'close', number: 8 }, { op: 'label', number: 8, label: 'bug' }, { op: 'review', number: 6 }, { op: 'inline', number: 6 }, { op: 'push', number: 6 }, { op: 'merge', number: 6 }, { op: 'add_issue' }, { op: 'add_pull' },
    { op: 'release', tag: 'v9' }, { op: 'run', sha: 'a'.repeat(40) }, { op: 'add_label', label: 'x' }, { op: 'delete', number: 1 },
  ];
  let compared = 0;
  for (const order of orders) {
    const event = mutate(project, order);
    const body = JSON.parse(hooks.payload(event));
    const examples = events.find((one) => one.name === event.name).examples.filter((one) => one.action === event.action);
    for (const example of examples) {
      const wanted = Object.keys(example).filter((key) => !['organization', 'installation', 'enterprise', 'assignee', 'milestone', 'changes', 'workflow'].includes(key) && !(event.name === 'label' && key === 'issue'));
      assert.deepEqual(wanted.filter((key) => !(key in body) && !(key === 'label' && event.action !== 'labeled')), [], `${event.name} ${event.action}`);
      compared += 1;
    }
  }
  assert.ok(compared >= 10, String(compared));
});
