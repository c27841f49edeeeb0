import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { before, after, beforeEach } from 'node:test';
import { Served } from '../lib/served.mjs';

let forge;
before(async () => { forge = await Served.start(); });
after(() => forge.stop());
beforeEach(() => forge.control({ reset: true }));

test('all items come once over pages that Link leads through', async () => {
  const numbers = [];
  let url = `${forge.url}/repos/${forge.owner}/${forge.name}/issues?state=all&per_page=7`;
  let pages = 0;
  while (url) {
    const { body, headers } = await forge.get(url);
    numbers.push(...body.map((item) => item.number));
    url = (headers.get('link') ?? '').match(/<([^>]+)>; rel="next"/)?.[1];
    pages += 1;
  }
  const files = ['issues', 'pulls'].flatMap((kind) => fs.readdirSync(path.join(forge.folder, kind))).length;
  assert.equal(numbers.length, files);
  assert.equal(new Set(numbers).size, files);
  assert.equal(pages, Math.ceil(files / 7));
});

test('the timeline is what the backup holds', async () => {
  const stored = JSON.parse(fs.readFileSync(path.join(forge.folder, 'issues', '1.json'), 'utf8')).events;
  const first = (await forge.repo('/issues/1/timeline?per_page=100')).body;
  const third = (await forge.repo('/issues/1/timeline?per_page=100&page=3')).body;
  assert.deepEqual(first.map((one) => one.id), stored.slice(0, 100).map((one) => one.id));
  assert.equal(third.length, stored.length - 200);
  assert.equal(first.find((one) => one.event === 'commented').body, stored.find((one) => one.event === 'commented').body);
});

test('since and sort by update', async () => {
  const all = (await forge.repo('/issues?state=all&sort=updated&direction=asc&per_page=100')).body;
  const times = all.map((item) => item.updated_at);
  assert.deepEqual(times, [...times].sort());
  const later = (await forge.repo(`/issues?state=all&per_page=100&since=${times[20]}`)).body;
  assert.equal(later.length, times.filter((time) => time >= times[20]).length);
});

test('a list of pulls lacks what only the single one has', async () => {
  const [listed] = (await forge.repo('/pulls?state=all&per_page=1&direction=asc')).body;
  assert.equal(listed.additions, undefined);
  const single = (await forge.repo(`/pulls/${listed.number}`)).body;
  assert.equal(single.additions, listed.number * 3);
  assert.equal((await forge.repo('/pulls/1')).status, 404);
});

test('an unchanged answer is 304, free with a token', async () => {
  const { headers } = await forge.repo('/labels');
  const before = (await forge.get('/rate_limit')).body.resources.core.remaining;
  const again = await forge.repo('/labels', { 'if-none-match': headers.get('etag') });
  assert.equal(again.status, 304);
  assert.equal(again.text, '');
  assert.equal((await forge.get('/rate_limit')).body.resources.core.remaining, before);
  await forge.control({ mutate: [{ op: 'add_label', label: 'new' }] });
  assert.equal((await forge.repo('/labels', { 'if-none-match': headers.get('etag') })).status, 200);
});

test('a budget ends in 403 with the headers that say so', async () => {
  await forge.control({ limits: { core: 2 } });
  await forge.repo('/labels');
  await forge.repo('/labels');
  const refused = await forge.repo('/labels');
  assert.equal(refused.status, 403);
  assert.equal(refused.headers.get('x-ratelimit-remaining'), '0');
  assert.match(refused.body.message, /rate limit exceeded/);
});

test('deleted, transferred and renamed', async () => {
  await forge.control({ mutate: [{ op: 'delete', number: 4 }, { op: 'transfer', number: 5, target: 'https://api.github.com/repositories/9/issues/1' }, { op: 'rename_repository', name: 'style' }] });
  const moved = await forge.repo('/issues/4');
  assert.equal(moved.status, 301);
  const location = moved.headers.get('location');
  assert.match(location, /\/repositories\/771234\/issues\/4$/);
  assert.equal((await forge.get(location)).status, 410);
  const elsewhere = await forge.get(`/repos/${forge.owner}/style/issues/5`);
  assert.equal(elsewhere.status, 301);
  assert.match(elsewhere.headers.get('location'), /\/repositories\/9\/issues\/1$/);
});

test('runs, jobs, checks, statuses, contents', async () => {
  const { body } = await forge.repo('/actions/runs?per_page=100&page=2');
  assert.equal(body.total_count, 130);
  assert.equal(body.workflow_runs.length, 30);
  assert.equal((await forge.repo('/actions/runs/4000000010/jobs')).body.total_count, 3);
  const head = (await forge.repo('/pulls/2')).body.head.sha;
  assert.equal((await forge.repo(`/commits/${head}/check-runs`)).body.total_count, 2);
  assert.equal((await forge.repo(`/commits/${head}/status`)).body.state, 'success');
  assert.match(Buffer.from((await forge.repo('/contents/.github/CODEOWNERS')).body.content, 'base64').toString(), /@lin-wei/);
  assert.equal((await forge.repo('/contents/CODEOWNERS')).status, 404);
});

test('Enterprise prefixes answer with links of their own', async () => {
  const { body, headers } = await forge.get(`/api/v3/repos/${forge.owner}/${forge.name}/issues?per_page=1`);
  assert.ok(body[0].url.startsWith(`${forge.url}/api/v3/repos/`));
  assert.match(headers.get('link'), /\/api\/v3\/repositories\//);
});
