import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import http from 'node:http';
import net from 'node:net';
import test, { before, after, beforeEach } from 'node:test';
import { Served } from '../lib/served.mjs';
import { KINDS, Schedule } from '../lib/faults.mjs';

let forge;
before(async () => { forge = await Served.start(undefined, '--tls'); });
after(() => forge.stop());
beforeEach(() => forge.control({ reset: true }));

const labels = () => forge.repo('/labels?per_page=100');
const one = (kind, more = {}) => forge.control({ faults: [{ kind, times: 1, ...more }] });

test('a fault comes when its rule says', async () => {
  await forge.control({ faults: [{ kind: 's502', at: [2, 3], match: 'labels' }] });
  const statuses = [];
  for (let count = 0; count < 4; ++count) statuses.push((await labels()).status);
  assert.deepEqual(statuses, [200, 502, 502, 200]);
  assert.deepEqual((await forge.stats()).faults, { s502: 2 });
});

test('the same seed gives the same schedule', () => {
  const picks = (seed) => { const schedule = new Schedule({ seed, rate: 0.5 }); return Array.from({ length: 50 }, () => schedule.next({ isGraphql: true })); };
  assert.deepEqual(picks(5), picks(5));
  assert.notDeepEqual(picks(5), picks(6));
  assert.ok(picks(5).filter(Boolean).length <= 20);
});

test('what is cut off is seen as cut off', async () => {
  for (const kind of ['reset_before', 'reset_headers', 'reset_mid', 'truncated', 'truncated_chunked', 'length_long', 'not_http']) {
    await one(kind);
    await assert.rejects(labels(), undefined, kind);
    assert.equal((await labels()).status, 200, kind);
  }
});

test('a length that is too short leaves JSON that ends early', async () => {
  await one('length_short');
  // fetch refuses what follows; a raw socket shows what is on the line.
  const text = await new Promise((done) => {
    const socket = net.connect(new URL(forge.url).port, '127.0.0.1', () => socket.write(`GET /repos/${forge.owner}/${forge.name}/labels HTTP/1.1\r\nHost: x\r\nUser-Agent: t\r\n\r\n`));
    let all = '';
    socket.on('data', (piece) => { all += piece; });
    socket.on('close', () => done(all));
  });
  const [head, body] = text.split('\r\n\r\n');
  assert.equal(Number(head.match(/content-length: (\d+)/i)[1]), body.length);
  assert.throws(() => JSON.parse(body));
});

test('every fault that answers gives what its name says', async () => {
  for (const [kind, { graphql, sending, slow }] of Object.entries(KINDS)) {
    if (sending || slow) continue;
    await one(kind);
    const answer = graphql ? await forge.graphql('query { rateLimit { cost } repository(owner: "sundial", name: "gnomon") { issues(first: 5) { nodes { number } } } }') : await forge.repo('/issues/1/timeline').catch((error) => ({ error }));
    assert.equal((await forge.stats()).faults[kind], 1, kind);
    if (kind === 'graphql_partial') assert.equal(answer.data.repository.issues.nodes[2], null);
    if (kind === 'retry_after_date') assert.ok(Date.parse(answer.headers.get('retry-after')) > Date.now() - 2000);
    if (kind === 'limit_zero') assert.equal(answer.headers.get('x-ratelimit-limit'), '0');
    if (kind === 'limit_absent') assert.equal(answer.headers.get('x-ratelimit-limit'), null);
    if (kind === 'redirect_other') assert.ok(answer.headers.get('location').startsWith(forge.other));
    await forge.control({ reset: true });
  }
});

test('the other host notes what it is sent', async () => {
  await forge.get(`${forge.other}/repos/${forge.owner}/${forge.name}/labels`);
  const { other_host: seen } = await forge.stats();
  assert.equal(seen[0].authorization, true);
});

test('a moved request is answered there', async () => {
  await one('redirect_same');
  const { status, headers } = await labels();
  assert.equal(status, 307);
  assert.equal((await forge.get(headers.get('location'))).body.length, 9);
});

test('big pages fail until they are small enough', async () => {
  await forge.control({ page_cap: 20 });
  assert.equal((await forge.repo('/issues?per_page=50')).status, 502);
  assert.equal((await forge.repo('/issues?per_page=20')).status, 200);
});

test('changes come in the middle of paging when they are planned', async () => {
  await forge.control({ plans: [{ after: 2, mutate: [{ op: 'close', number: 8 }] }] });
  assert.equal((await forge.repo('/issues/8')).body.state, 'open');
  assert.equal((await forge.repo('/issues/8')).body.state, 'closed');
});

test('each kind of change is seen in REST and GraphQL, and is taken back by reset', async () => {
  const before = (await forge.repo('/issues/8')).text;
  await forge.control({ mutate: [{ op: 'comment', number: 8, body: 'new' }, { op: 'label', number: 8, label: 'bug' }, { op: 'retitle', number: 8, title: 'Renamed' }, { op: 'close', number: 8 }, { op: 'push', number: 6 }, { op: 'review', number: 6 }, { op: 'inline', number: 6 }, { op: 'add_issue' }, { op: 'add_pull' }] });
  const timeline = (await forge.repo('/issues/8/timeline?per_page=100')).body.map((one) => one.event);
  assert.deepEqual(timeline.slice(-4), ['commented', 'labeled', 'renamed', 'closed']);
  const { issue, pullRequest } = await forge.query('issue(number: 8) { title state labels(first: 9) { nodes { name } } } pullRequest(number: 6) { reviews(last: 1) { nodes { state comments(first: 5) { totalCount } } } }');
  assert.deepEqual(issue, { title: 'Renamed', state: 'CLOSED', labels: { nodes: [{ name: 'bug' }] } });
  assert.equal(pullRequest.reviews.nodes[0].comments.totalCount, 1);
  await forge.control({ reset: true });
  assert.equal((await forge.repo('/issues/8')).text, before);
});

test('changes are delivered, signed', async () => {
  const seen = [];
  const receiver = http.createServer(async (request, response) => {
    const pieces = [];
    for await (const piece of request) pieces.push(piece);
    seen.push({ headers: request.headers, body: Buffer.concat(pieces) });
    response.writeHead(202).end();
  });
  await new Promise((done) => receiver.listen(0, '127.0.0.1', done));
  await forge.control({ deliver_to: `http://127.0.0.1:${receiver.address().port}/`, secret: 'shh', mutate: [{ op: 'comment', number: 1 }, { op: 'merge', number: 6 }] });
  await (await fetch(`${forge.url}/_fake/delivered`)).json();
  receiver.close();
  assert.deepEqual(seen.map(({ headers }) => headers['x-github-event']), ['issue_comment', 'pull_request']);
  for (const { headers, body } of seen) assert.equal(headers['x-hub-signature-256'], `sha256=${crypto.createHmac('sha256', 'shh').update(body).digest('hex')}`);
  assert.equal(JSON.parse(seen[1].body).pull_request.merged, true);
});
