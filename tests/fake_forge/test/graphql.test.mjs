import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import test, { before, after, beforeEach } from 'node:test';
import { Served } from '../lib/served.mjs';
import { githubSchema } from '../lib/graphql.mjs';
import { ISSUE_MEMBERS, PULL_MEMBERS } from '../lib/resolvers.mjs';
import { TYPE_OF_EVENT, enumOf } from '../lib/timeline.mjs';

let forge;
before(async () => { forge = await Served.start(); });
after(() => forge.stop());
beforeEach(() => forge.control({ reset: true }));

test('every kind of entry has a type of the schema, with its place in the unions', () => {
  const schema = githubSchema();
  const unions = { IssueTimelineItems: ISSUE_MEMBERS, PullRequestTimelineItems: PULL_MEMBERS };
  for (const [union, ours] of Object.entries(unions)) {
    const theirs = new Set(schema.getType(union).getTypes().map((type) => type.name));
    for (const type of Object.values(TYPE_OF_EVENT)) if (schema.getType(type)) assert.equal(ours.has(type), theirs.has(type), `${type} in ${union}`);
    const names = new Set(schema.getType(`${union}ItemType`).getValues().map((value) => value.name));
    for (const type of ours) if (schema.getType(type)) assert.ok(names.has(enumOf(type)), enumOf(type));
  }
});

test('the timeline of every item has every entry of the backup, in order', async () => {
  for (const kind of ['issues', 'pulls'])
    for (const name of fs.readdirSync(path.join(forge.folder, kind))) {
      const file = JSON.parse(fs.readFileSync(path.join(forge.folder, kind, name), 'utf8'));
      const field = kind === 'pulls' ? 'pullRequest' : 'issue';
      const seen = [];
      let after = 'null';
      do {
        const page = (await forge.query(`${field}(number: ${parseInt(name, 10)}) { timelineItems(first: 100, after: ${after}) { totalCount pageInfo { hasNextPage endCursor } nodes { __typename ... on Node { id } } } }`))[field].timelineItems;
        seen.push(...page.nodes);
        after = page.pageInfo.hasNextPage ? JSON.stringify(page.pageInfo.endCursor) : null;
      } while (after);
      assert.deepEqual(seen.map((one) => one.__typename), file.events.map((event) => TYPE_OF_EVENT[event.event]), name);
      for (const [index, event] of file.events.entries()) if (event.node_id) assert.equal(seen[index].id, event.node_id);
    }
});

test('people: deleted are null, bots have no suffix', async () => {
  const { issue, other, pull } = await forge.query('issue(number: 4) { author { login } comments(first: 2) { nodes { author { login } } } } other: issue(number: 5) { author { __typename login ... on Bot { databaseId } } comments(first: 2) { nodes { author { __typename } } } } pull: pullRequest(number: 6) { author { login } reviewRequests(first: 9) { nodes { requestedReviewer { __typename } } } }');
  assert.equal(issue.author, null);
  assert.deepEqual(issue.comments.nodes, [{ author: null }, { author: null }]);
  assert.deepEqual(other.author, { __typename: 'Bot', login: 'tidy', databaseId: 201 });
  assert.deepEqual(other.comments.nodes.map((one) => one.author.__typename), ['Mannequin', 'Organization']);
  assert.equal(pull.author.login, 'dependabot');
});

test('ids beyond 32 bits stand in fullDatabaseId only', async () => {
  const { pullRequest } = await forge.query('pullRequest(number: 2) { reviews(first: 1) { nodes { databaseId fullDatabaseId comments(first: 100) { totalCount } } } reviewThreads(first: 100) { totalCount nodes { comments(first: 100) { totalCount pageInfo { hasNextPage } } } } }');
  const [review] = pullRequest.reviews.nodes;
  assert.equal(review.databaseId, null);
  assert.ok(Number(review.fullDatabaseId) > 2 ** 31);
  assert.equal(review.comments.totalCount, 220);
  assert.equal(pullRequest.reviewThreads.totalCount, 108);
  assert.equal(pullRequest.reviewThreads.nodes[0].comments.totalCount, 113);
});

test('a cursor goes on rightly when items are touched and removed meanwhile', async () => {
  const page = (after) => forge.query(`issues(first: 5, after: ${JSON.stringify(after)}, orderBy: {field: UPDATED_AT, direction: DESC}) { pageInfo { endCursor hasNextPage } nodes { number updatedAt } }`);
  const first = (await page(null)).issues;
  const rest = (await forge.query('issues(first: 100, orderBy: {field: UPDATED_AT, direction: DESC}) { nodes { number } }')).issues.nodes.map((one) => one.number).slice(5);
  await forge.control({ mutate: [{ op: 'touch', number: rest[7] }, { op: 'delete', number: first.nodes[4].number }] });
  const seen = [];
  let { endCursor } = first.pageInfo;
  for (;;) {
    const { issues } = await page(endCursor);
    seen.push(...issues.nodes.map((one) => one.number));
    if (!issues.pageInfo.hasNextPage) break;
    endCursor = issues.pageInfo.endCursor;
  }
  assert.deepEqual(seen, rest.filter((number) => number !== rest[7]));
});

test('points and nodes by the published formula', async () => {
  // 1 request for 50 pull requests, 50 for their reviews, 50 × 10 for comments, 50 for labels: 601 / 100 → 6.
  const { rateLimit } = await forge.query('pullRequests(first: 50) { nodes { reviews(first: 10) { nodes { comments(first: 10) { nodes { id } } } } labels(first: 60) { nodes { name } } } }');
  assert.equal(rateLimit.cost, 6);
  assert.equal(rateLimit.nodeCount, 50 + 500 + 5000 + 3000);
  const { errors } = await forge.graphql('query { repository(owner: "sundial", name: "gnomon") { pullRequests(first: 100) { nodes { reviews(first: 100) { nodes { comments(first: 100) { nodes { id } } } } } } } }');
  assert.equal(errors[0].type, 'MAX_NODE_LIMIT_EXCEEDED');
  const { errors: unbounded } = await forge.graphql('query { repository(owner: "sundial", name: "gnomon") { issues { totalCount } } }');
  assert.equal(unbounded[0].type, 'MISSING_PAGINATION_BOUNDARIES');
});

test('a query that the schema does not know is refused; one without a token too', async () => {
  const { errors } = await forge.graphql('query { repository(owner: "sundial", name: "gnomon") { moons } }');
  assert.match(errors[0].message, /moons/);
  const response = await fetch(`${forge.url}/graphql`, { method: 'POST', body: '{"query":"{viewer{login}}"}' });
  assert.equal(response.status, 403);
  assert.equal(response.headers.get('x-ratelimit-limit'), '0');
});

test('discussions, releases, CODEOWNERS, checks', async () => {
  const found = await forge.query('discussions(first: 5) { totalCount nodes { number isAnswered answer { databaseId } author { login } category { name isAnswerable } comments(first: 100) { totalCount nodes { replies(first: 5) { totalCount } } } } } releases(first: 9) { nodes { tagName author { login } } } object(expression: "HEAD:.github/CODEOWNERS") { ... on Blob { text } } pullRequest(number: 2) { statusCheckRollup { state contexts(first: 9) { nodes { __typename } } } }');
  assert.equal(found.discussions.totalCount, 2);
  const moon = found.discussions.nodes.find((one) => one.number === 10);
  assert.equal(moon.comments.totalCount, 125);
  assert.equal(moon.comments.nodes[0].replies.totalCount, 3);
  assert.equal(moon.answer.databaseId, 90003);
  assert.deepEqual(found.releases.nodes.map((one) => one.tagName), ['v1.1', 'v1.1-rc1', 'v1.0']);
  assert.match(found.object.text, /@grace/);
  assert.equal(found.pullRequest.statusCheckRollup.contexts.nodes.length, 3);
});

test('what is gone is told as NOT_FOUND', async () => {
  await forge.control({ mutate: [{ op: 'delete', number: 1 }] });
  const { data, errors } = await forge.graphql('query { repository(owner: "sundial", name: "gnomon") { issue(number: 1) { title } other: issue(number: 4) { title } } }');
  assert.equal(data.repository.issue, null);
  assert.ok(data.repository.other.title);
  assert.equal(errors[0].type, 'NOT_FOUND');
  assert.deepEqual(errors[0].path, ['repository', 'issue']);
});
