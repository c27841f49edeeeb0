#!/usr/bin/env node
// Writes a small project as github-metadata-backup does (issues/N.json, pulls/N.json, state.json) with an .extra.json of
// what such a backup lacks. make_project.mjs DIR. Every kind of entry is in it, and what readers trip over: deleted
// accounts, bots, more of everything than one page holds, ids beyond 32 bits, hostile text. The same each time.
import fs from 'node:fs';
import path from 'node:path';
import { nodeId } from './lib/shapes.mjs';
import { TYPE_OF_EVENT } from './lib/timeline.mjs';

const REPOSITORY = 771234;
const NAME = 'sundial/gnomon';
const API = `https://api.github.com/repos/${NAME}`;
const WEB = `https://github.com/${NAME}`;
const LARGE = 3_000_000_000; // beyond 32 bits, signed

const person = (login, id, type = 'User') => ({ login, id, node_id: nodeId(type, id), type, site_admin: false });
const ada = person('ada', 101);
const grace = person('grace', 102);
const lin = person('lin-wei', 103);
const newcomer = person('first-timer', 104);
const bot = person('tidy[bot]', 201, 'Bot');
const dependabot = person('dependabot[bot]', 49699333, 'Bot');
const organisation = person('sundial', 301, 'Organization');
const mannequin = person('imported-1999', 401, 'Mannequin');
const ghost = person('ghost', 10137);
const everybody = [ada, grace, lin, newcomer];

// A global id of the new kind: PREFIX_ and base64url of a MessagePack list [0, repository, (parent,) id].
function newNodeId(prefix, ...numbers) {
  const parts = [Buffer.from([0x92 + numbers.length, 0]), ...[REPOSITORY, ...numbers].map((value) => {
    const bytes = Buffer.alloc(value < 2 ** 32 ? 5 : 9);
    if (value < 2 ** 32) { bytes[0] = 0xce; bytes.writeUInt32BE(value, 1); } else { bytes[0] = 0xcf; bytes.writeBigUInt64BE(BigInt(value), 1); }
    return bytes;
  })];
  return `${prefix}_${Buffer.concat(parts).toString('base64url')}`;
}
const initials = (type) => type.replace(/[^A-Z]/g, '');

let clock = Date.parse('2022-03-01T09:00:00Z');
const at = (minutes = 37) => new Date((clock += minutes * 60_000)).toISOString().replace('.000', '');
let ids = 500_000;
const id = (large) => (ids += 3) + (large ? LARGE : 0);
const sha = (seed) => Array.from({ length: 40 }, (_, index) => ((seed * 31 + index * 7 + (seed >> (index % 5))) % 16).toString(16)).join('');
const shas = { next: 1000 };
const newSha = () => sha(shas.next++);

const labels = ['bug', 'enhancement', 'question', 'good first issue', 'needs info', 'release-blocker', 'docs', 'área: ñandú', 'a/b c'].map((name, index) => ({
  id: 9000 + index, node_id: nodeId('Label', 9000 + index), url: `${API}/labels/${encodeURIComponent(name)}`, name, color: (0x123456 + index * 4321).toString(16), default: index < 3, description: index % 2 ? `About ${name}` : null,
}));
const milestones = [['1.0', 'closed'], ['2.0', 'open'], ['some day', 'open']].map(([title, state], index) => ({
  url: `${API}/milestones/${index + 1}`, html_url: `${WEB}/milestone/${index + 1}`, labels_url: `${API}/milestones/${index + 1}/labels`, id: 800 + index, node_id: nodeId('Milestone', 800 + index), number: index + 1, title, state,
  description: null, creator: ada, open_issues: 1, closed_issues: 2, created_at: '2022-01-01T00:00:00Z', updated_at: '2022-02-01T00:00:00Z', closed_at: state === 'closed' ? '2022-06-01T00:00:00Z' : null, due_on: index === 1 ? '2023-12-01T08:00:00Z' : null,
}));

class Builder {
  constructor(number, isPull, fields = {}) {
    this.number = number;
    this.isPull = isPull;
    const key = id();
    const created = at(120);
    const home = isPull ? 'pull' : 'issues';
    this.rest = {
      url: `${API}/${isPull ? 'pulls' : 'issues'}/${number}`, id: key, node_id: number % 2 ? nodeId(isPull ? 'PullRequest' : 'Issue', key) : newNodeId(isPull ? 'PR' : 'I', key), html_url: `${WEB}/${home}/${number}`, number,
      title: `Number ${number}: the shadow is late`, body: `What I did for #${number}:\r\n\r\n    gnomon --latitude 52\r\n\r\nand it was an hour late. Write to someone@example.org.`, user: everybody[number % 4], state: 'open', locked: false,
      labels: [], assignees: [], author_association: ['OWNER', 'MEMBER', 'CONTRIBUTOR', 'NONE'][number % 4], created_at: created, updated_at: created, closed_at: null, milestone: null, comments: 0, ...fields,
    };
    if (isPull) {
      Object.assign(this.rest, { draft: false, merged_at: null, merge_commit_sha: null, requested_reviewers: [], requested_teams: [], maintainer_can_modify: number % 3 === 0, additions: number * 3, deletions: number, changed_files: 1 + (number % 4), commits: 0, review_comments: 0, mergeable_state: 'unknown' }, fields);
      this.rest.base = { label: 'sundial:main', ref: number % 7 ? 'main' : '1.x', sha: sha(1), user: organisation };
      this.rest.head = { label: `fork:patch-${number}`, ref: `patch-${number}`, sha: newSha() };
    } else Object.assign(this.rest, { repository_url: API, state_reason: null }, fields);
    this.events = [];
    this.inline = [];
    this.prior = 0;
  }
  touch() {
    return (this.rest.updated_at = at());
  }
  event(name, actor, fields = {}) {
    const key = id(this.number % 5 === 0);
    const type = TYPE_OF_EVENT[name] ?? 'Event';
    this.events.push({
      event: name, id: key, node_id: this.number % 3 ? nodeId(type, key) : newNodeId(initials(type), this.rest.id, key), url: `${API}/issues/events/${key}`, actor, commit_id: null, commit_url: null, created_at: this.touch(), ...fields,
    });
    return this;
  }
  say(actor, body, fields = {}) {
    const key = id(this.number % 2 === 0);
    const now = this.touch();
    this.events.push({
      event: 'commented', id: key, node_id: this.number % 3 ? nodeId('IssueComment', key) : newNodeId('IC', this.rest.id, key), url: `${API}/issues/comments/${key}`, html_url: `${this.rest.html_url}#issuecomment-${key}`, issue_url: `${API}/issues/${this.number}`,
      actor, user: actor, commit_id: null, commit_url: null, created_at: now, updated_at: now, author_association: 'CONTRIBUTOR', body, ...fields,
    });
    this.rest.comments += 1;
    return this;
  }
  commit(message, author = ada) {
    const hash = newSha();
    const signature = { name: `${author.login} the committer`, email: `${author.id}+${author.login}@users.noreply.github.com`, date: this.touch() };
    this.events.push({
      event: 'committed', id: null, node_id: nodeId('Commit', `${REPOSITORY}:${hash}`), url: `${API}/git/commits/${hash}`, html_url: `${WEB}/commit/${hash}`, actor: null, commit_id: null, commit_url: null, created_at: null, sha: hash,
      tree: { sha: sha(5), url: `${API}/git/trees/${sha(5)}` }, verification: { verified: false, reason: 'unsigned', payload: null, signature: null }, parents: [{ sha: this.prior || sha(1), url: `${API}/git/commits/x`, html_url: `${WEB}/commit/x` }], message, committer: signature, author: signature,
    });
    this.prior = hash;
    this.rest.head.sha = hash;
    this.rest.commits += 1;
    return this;
  }
  review(actor, state, body = null, lines = 0) {
    const key = id(true);
    const now = this.touch();
    this.events.push({
      event: 'reviewed', id: key, node_id: nodeId('PullRequestReview', key), url: null, actor: null, user: actor, commit_id: this.rest.head.sha, commit_url: null, created_at: null, author_association: 'MEMBER', body,
      html_url: `${this.rest.html_url}#pullrequestreview-${key}`, submitted_at: now, state, pull_request_url: this.rest.url,
    });
    for (let line = 1; line <= lines; ++line) this.line(actor, key, line);
    return this;
  }
  line(actor, review, line, replyTo, body = `Line ${line}: is this right?`) {
    const key = id(true);
    const now = this.touch();
    this.inline.push({
      url: `${API}/pulls/comments/${key}`, pull_request_review_id: review, id: key, node_id: nodeId('PullRequestReviewComment', key), diff_hunk: '@@ -1,3 +1,4 @@\n int main(void) {', path: line % 2 ? 'src/gnomon.c' : 'docs/ñandú "quoted".md',
      position: line % 3 ? line : null, original_position: line, commit_id: this.rest.head.sha, original_commit_id: this.rest.head.sha, in_reply_to_id: replyTo ?? null, user: actor, body, created_at: now, updated_at: now,
      html_url: `${this.rest.html_url}#discussion_r${key}`, author_association: 'MEMBER', _links: { self: { href: `${API}/pulls/comments/${key}` }, pull_request: { href: this.rest.url } }, start_line: null, original_start_line: null, start_side: null,
      line: line % 3 ? line : null, original_line: line, side: 'RIGHT',
    });
    this.rest.review_comments += 1;
    return key;
  }
  label(name, actor = ada) {
    this.rest.labels.push(labels.find((one) => one.name === name));
    return this.event('labeled', actor, { label: { name, color: labels.find((one) => one.name === name).color } });
  }
  close(actor, reason) {
    this.event('closed', actor, this.isPull ? {} : { state_reason: reason ?? null });
    Object.assign(this.rest, { state: 'closed', closed_at: this.rest.updated_at });
    if (!this.isPull) this.rest.state_reason = reason ?? 'completed';
    return this;
  }
  merge(actor) {
    const hash = newSha();
    this.event('merged', actor, { commit_id: hash, commit_url: `${API}/commits/${hash}` });
    Object.assign(this.rest, { merged_at: this.rest.updated_at, merge_commit_sha: hash, merged_by: actor });
    return this.close(actor);
  }
}

const built = [];
const issue = (fields) => { const made = new Builder(built.length + 1 + skipped(), false, fields); built.push(made); return made; };
const pull = (fields) => { const made = new Builder(built.length + 1 + skipped(), true, fields); built.push(made); return made; };
// Numbers that are gone or are discussions.
const skipped = () => (built.length >= 9 ? 2 : 0);
const reference = (from, isPull, home = NAME) => ({
  id: from + 7000, node_id: nodeId('Issue', from + 7000), url: `https://api.github.com/repos/${home}/issues/${from}`, repository_url: `https://api.github.com/repos/${home}`, html_url: `https://github.com/${home}/issues/${from}`, number: from, state: 'open', state_reason: null, title: 'Elsewhere', body: 'b',
  user: grace, labels: [], assignees: [], author_association: 'NONE', locked: false, comments: 0, created_at: '2022-01-01T00:00:00Z', updated_at: '2022-01-02T00:00:00Z', ...(isPull ? { pull_request: { url: `https://api.github.com/repos/${home}/pulls/${from}`, html_url: 'x', diff_url: 'x', patch_url: 'x' } } : {}),
});

// 1: an issue with more entries than two pages hold.
const long = issue({ title: 'Everything at once' }).label('bug').label('área: ñandú').label('a/b c').event('unlabeled', ada, { label: { name: 'a/b c', color: '123456' } });
long.rest.labels.pop();
for (let count = 0; count < 215; ++count) long.say([ada, grace, lin, bot, null][count % 5], `Remark ${count} on \`gnomon\`.`);
long.event('renamed', ada, { rename: { from: 'Something', to: 'Everything at once' } }).event('mentioned', lin).event('subscribed', lin).event('unsubscribed', lin).event('pinned', ada).event('unpinned', ada);
// 2: a pull request with more than a page of inline comments, in one thread and in many.
const lines = pull().commit('gnomon: tell the hour\n\nFixes #1').commit('Répare ☀ 日時計', grace);
lines.review(grace, 'CHANGES_REQUESTED', 'Please see inline.', 108);
const root = lines.inline[0];
for (let count = 0; count < 112; ++count) lines.line(count % 2 ? ada : null, root.pull_request_review_id, 1, root.id, `Reply ${count}`);
lines.event('review_requested', ada, { requested_reviewer: lin, review_requester: ada });
lines.rest.requested_reviewers.push(lin);
// 3: more than a page of reviews and of commits.
const reviewed = pull();
for (let count = 0; count < 107; ++count) reviewed.commit(`Step ${count}`);
for (let count = 0; count < 104; ++count) reviewed.review([ada, grace, lin, null][count % 4], ['COMMENTED', 'APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'][count % 4], count % 3 ? null : `Review ${count}`, count % 10 ? 0 : 1);
reviewed.event('review_dismissed', ada, { dismissed_review: { state: 'approved', review_id: reviewed.events.at(-2).id, dismissal_message: 'Stale.' } }).merge(grace);
// 4–9: each kind of entry once or more.
issue({ user: ghost }).say(ghost, 'I am gone.').say(null, 'So am I.').event('closed', null, { state_reason: null }).event('reopened', ghost).close(null, 'not_planned');
issue({ user: bot, title: 'By a bot' }).say(mannequin, 'Imported.').say(organisation, 'From the house.').event('assigned', ada, { assignee: grace }).event('assigned', ada, { assignee: bot }).event('unassigned', ada, { assignee: bot }).rest.assignees.push(grace);
const many = pull({ user: dependabot, title: 'Bump sun from 1 to 2', draft: true });
many.commit('Bump').event('convert_to_draft', ada).event('ready_for_review', ada).event('convert_to_draft', ada).event('head_ref_force_pushed', dependabot, { commit_id: sha(77) }).event('head_ref_deleted', ada).event('head_ref_restored', ada)
  .event('base_ref_changed', ada).event('base_ref_force_pushed', ada).event('auto_merge_enabled', ada).event('auto_merge_disabled', ada).event('auto_squash_enabled', ada).event('review_requested', ada, { requested_reviewer: grace, review_requester: ada })
  .event('review_request_removed', ada, { requested_reviewer: grace, review_requester: ada }).event('review_requested', ada, { requested_team: { id: 5, name: 'core', slug: 'core' }, review_requester: ada }).event('added_to_merge_queue', ada).event('removed_from_merge_queue', ada);
issue({ milestone: milestones[1] }).event('milestoned', ada, { milestone: { title: '1.0' } }).event('demilestoned', ada, { milestone: { title: '1.0' } }).event('milestoned', ada, { milestone: { title: '2.0' } }).event('locked', ada, { lock_reason: 'too heated' }).event('unlocked', ada).event('locked', ada, { lock_reason: null })
  .event('comment_deleted', ada).event('connected', ada).event('disconnected', ada).event('marked_as_duplicate', ada).event('unmarked_as_duplicate', ada).event('user_blocked', ada).event('transferred', ada).event('referenced', ada, { commit_id: sha(3), commit_url: `${API}/commits/${sha(3)}` })
  .event('referenced', lin, { commit_id: sha(4), commit_url: `https://api.github.com/repos/other/clock/commits/${sha(4)}` }).event('sub_issue_added', ada).event('parent_issue_added', ada).event('added_to_project', ada).event('moved_columns_in_project', ada).event('removed_from_project', ada).event('converted_note_to_issue', ada);
built.at(-1).rest.locked = true;
const crossed = issue().say(ada, '<script>alert(1)</script> \u202e reversed \u0007 bell, ```unclosed').say(grace, 'x'.repeat(60_000));
for (const [from, isPull, home] of [[2, true, NAME], [1, false, NAME], [44, false, 'other/clock'], [45, true, 'other/clock']])
  crossed.events.push({ event: 'cross-referenced', id: null, node_id: null, url: null, actor: from === 45 ? null : grace, commit_id: null, commit_url: null, created_at: crossed.touch(), updated_at: crossed.rest.updated_at, source: { type: 'issue', issue: reference(from, isPull, home) } });
const alone = pull();
alone.commit('Alone').line(lin, null, 3);
alone.events.push({ event: 'line-commented', id: null, node_id: nodeId('PullRequestReviewThread', '77:v2'), url: null, actor: null, commit_id: null, commit_url: null, created_at: null });
alone.close(ada);
// The rest: a plain life of issues and pull requests.
for (let count = 0; count < 30; ++count) {
  const who = everybody[count % 4];
  if (count % 2) {
    const made = pull({ user: who, body: count % 5 ? `Fixes #${count}` : null }).commit(`Change ${count}`, who).say(grace, 'Concept ACK').review(lin, count % 3 ? 'APPROVED' : 'COMMENTED', count % 4 ? null : 'ACK', count % 4);
    if (count % 3 === 0) made.merge(ada);
    else if (count % 5 === 0) made.close(who);
  } else {
    const made = issue({ user: who }).say(grace, `Thanks, @${who.login}.`).label(['bug', 'question', 'enhancement'][count % 3]);
    if (count % 4) made.say(who, '\u00a1Gracias!').close(ada, count % 3 ? 'completed' : 'not_planned');
  }
}

// What a backup lacks.
const heads = built.filter((one) => one.isPull).map((one) => one.rest.head.sha);
const runs = [];
const jobs = {};
const checks = {};
const statuses = {};
for (let count = 0; count < 130; ++count) {
  const key = 4_000_000_000 + count;
  const when = new Date(Date.parse('2022-04-01T00:00:00Z') + count * 7_200_000).toISOString().replace('.000', '');
  const head = heads[count % heads.length];
  const conclusion = ['success', 'failure', 'cancelled', null][count % 7 === 6 ? 3 : count % 3];
  runs.push({
    id: key, name: count % 2 ? 'CI' : 'Docs', node_id: newNodeId('WFR', key), head_branch: `patch-${count}`, head_sha: head, path: '.github/workflows/ci.yml', display_title: `Run ${count}`, run_number: count + 1, event: count % 5 ? 'pull_request' : 'push', status: conclusion ? 'completed' : 'in_progress', conclusion,
    workflow_id: 31 + (count % 2), check_suite_id: key + 50_000, check_suite_node_id: 'CS', url: `${API}/actions/runs/${key}`, html_url: `${WEB}/actions/runs/${key}`, pull_requests: [], created_at: when, updated_at: when, run_started_at: when, run_attempt: 1 + (count % 13 === 0 ? 1 : 0), actor: count % 11 ? ada : bot, triggering_actor: ada,
    jobs_url: `${API}/actions/runs/${key}/jobs`, logs_url: '', check_suite_url: '', artifacts_url: '', cancel_url: '', rerun_url: '', workflow_url: '', previous_attempt_url: null, head_commit: null, repository: { id: REPOSITORY, full_name: NAME }, head_repository: null,
  });
  if (count % 10 === 0) jobs[key] = ['linux', 'macos', 'windows'].map((name, index) => ({ id: key * 10 + index, run_id: key, run_url: '', run_attempt: runs.at(-1).run_attempt, node_id: 'J', head_sha: head, url: '', html_url: `${WEB}/actions/runs/${key}/job/${key * 10 + index}`, status: 'completed', conclusion: index === 1 ? 'failure' : 'success', created_at: when, started_at: when, completed_at: when, name, steps: [], check_run_url: '', labels: ['x'], runner_id: 1, runner_name: 'r', runner_group_id: 1, runner_group_name: 'g', workflow_name: 'CI', head_branch: 'x' }));
}
for (const [index, head] of heads.entries()) {
  if (index % 3 === 0) checks[head] = ['build', 'lint'].map((name, place) => ({ id: 4_100_000_000 + index * 10 + place, node_id: nodeId('CheckRun', index * 10 + place), name, head_sha: head, external_id: '', url: '', html_url: `${WEB}/runs/${index}`, details_url: 'https://ci.example.org/', status: 'completed', conclusion: place && index % 2 ? 'failure' : 'success', started_at: '2022-05-01T00:00:00Z', completed_at: `2022-05-01T00:0${place + 1}:00Z`, output: { title: null, summary: null, text: null, annotations_count: 0, annotations_url: '' }, check_suite: { id: 60_000 + index }, app: null, pull_requests: [] }));
  if (index % 4 === 0) statuses[head] = ['pending', 'success'].reverse().map((state, place) => ({ id: 4_200_000_000 + index * 10 + 1 - place, node_id: 'SC', url: '', avatar_url: '', state, description: 'Travis', target_url: 'https://ci.example.org/2', context: 'ci/travis', created_at: `2022-05-01T0${2 - place}:00:00Z`, updated_at: `2022-05-01T0${2 - place}:00:00Z`, creator: bot }));
}
const releases = ['v1.0', 'v1.1-rc1', 'v1.1'].map((tag, index) => ({ id: 600 + index, node_id: nodeId('Release', 600 + index), tag_name: tag, name: index === 2 ? null : `Gnomon ${tag}`, body: '* the sun', draft: false, prerelease: index === 1, created_at: `2022-0${index + 4}-01T00:00:00Z`, published_at: `2022-0${index + 4}-02T00:00:00Z`, author: index === 1 ? bot : ada })).reverse();
const words = [];
for (let count = 0; count < 125; ++count) words.push({ id: 90_000 + count, user: [ada, grace, null, bot][count % 4], body: `Opinion ${count}`, created_at: new Date(Date.parse('2022-05-02T00:00:00Z') + count * 60_000).toISOString().replace('.000', ''), updated_at: '2022-06-01T00:00:00Z', author_association: 'NONE' });
const discussions = [
  { id: 700, number: 10, title: 'How do I read a moondial?', body: 'By night.', user: newcomer, created_at: '2022-05-01T00:00:00Z', updated_at: '2022-06-01T00:00:00Z', category: { id: 1, name: 'Q&A', slug: 'q-a', emoji: ':pray:', is_answerable: true }, labels: [labels[2]], answer_id: 90_003, answer_chosen_at: '2022-05-30T00:00:00Z', answer_chosen_by: ada, author_association: 'NONE', comments: [...words, ...[0, 1, 2].map((count) => ({ id: 91_000 + count, user: lin, body: 'A reply', created_at: '2022-05-20T00:00:00Z', updated_at: '2022-05-20T00:00:00Z', author_association: 'NONE', reply_to: 90_000 }))] },
  { id: 701, number: 11, title: 'Show: a dial in the garden', body: '![dial](x.png)', user: null, created_at: '2022-07-01T00:00:00Z', updated_at: '2022-07-02T00:00:00Z', closed_at: '2022-07-03T00:00:00Z', category: { id: 2, name: 'Show and tell', slug: 'show-and-tell', emoji: ':raised_hands:', is_answerable: false }, labels: [], author_association: 'NONE', comments: [] },
];
const files = Object.fromEntries(built.filter((one) => one.isPull).map((one) => [one.number, Array.from({ length: one.rest.changed_files }, (_, index) => ({ sha: sha(index), filename: `src/part${index}.c`, status: index ? 'modified' : 'added', additions: index + 1, deletions: index, changes: 2 * index + 1, blob_url: '', raw_url: '', contents_url: '' }))]));

const folder = process.argv[2];
if (!folder) {
  console.error('make_project.mjs DIR');
  process.exit(2);
}
for (const kind of ['issues', 'pulls']) fs.mkdirSync(path.join(folder, kind), { recursive: true });
for (const one of built) {
  const file = one.isPull ? { type: 'pull', pull: one.rest, events: one.events, comments: one.inline } : { type: 'issue', issue: one.rest, events: one.events };
  fs.writeFileSync(path.join(folder, one.isPull ? 'pulls' : 'issues', `${one.number}.json`), JSON.stringify(file, null, 1));
}
fs.writeFileSync(path.join(folder, 'state.json'), JSON.stringify({ version: 1, last_backup: '2024-01-01T00:00:00Z' }));
fs.writeFileSync(path.join(folder, '.extra.json'), JSON.stringify({
  repository: { id: REPOSITORY, node_id: newNodeId('R', 1), name: 'gnomon', owner: organisation, default_branch: 'main', private: false, description: 'Tells the time by shadow' }, labels, milestones, releases, discussions, workflow_runs: runs, jobs, check_runs: checks, statuses, files,
  contents: { '.github/CODEOWNERS': '# Who looks after what\n*           @ada\n/docs/      @grace @sundial/writers\n*.c         @lin-wei someone@example.org\n/vendored/\n', 'README.md': '# Gnomon\n' },
}, null, 1));
console.log(`${built.length} items`);
