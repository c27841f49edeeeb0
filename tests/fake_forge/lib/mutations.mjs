// Changes to the project, as people and bots make them at the forge. Each writes the item, its timeline and its
// updated_at as GitHub does, and returns what a webhook would say: {name, action, payload(), shown}.
// Times come from a clock that begins an hour after the newest thing and goes on a second a change, unless `at` is given.
import { place } from './project.mjs';
import { nodeId } from './shapes.mjs';
import { TYPE_OF_EVENT } from './timeline.mjs';

const RESIDENT = { login: 'ada', id: 101, type: 'User' };

function moment(project, order) {
  if (order.at) return order.at;
  if (project.clockVersion !== project.pristineExtra) {
    project.clockVersion = project.pristineExtra;
    const discussed = (project.pristineExtra?.discussions ?? []).map((discussion) => Date.parse(discussion.updated_at ?? discussion.created_at));
    project.newest = Math.max(...discussed.filter(Number.isFinite), ...[...project.pristine.values()].map(({ rest }) => Date.parse(rest.updated_at)));
  }
  project.ticks = (project.ticks ?? 0) + 1;
  return new Date(project.newest + 3_600_000 + project.ticks * 1000).toISOString().replace('.000', '');
}

const fresh = (project) => (project.nextId += 7);
const shaOf = (project) => fresh(project).toString(16).padStart(40, 'a');

function addEvent(project, item, event, at, actor, fields = {}) {
  const id = fresh(project);
  const last = item.events.length ? item.events[item.events.length - 1].place : 0;
  const made = place({ event, id, node_id: nodeId(TYPE_OF_EVENT[event] ?? 'Event', id), url: null, actor, commit_id: null, commit_url: null, created_at: at, ...fields }, last + 1);
  item.events.push(made);
  return made;
}

// An item that changes: a copy of its own, touched.
function changing(project, order, at) {
  const item = project.editable(order.number);
  item.rest.updated_at = at;
  return item;
}

const itemHook = (item, action, more = {}) => ({ name: item.isPull ? 'pull_request' : 'issues', action, item, more });

function withComment(project, id) {
  for (const item of project.items.values()) if (item.events.some((event) => event.event === 'commented' && event.id === id)) return item.number;
  throw new Error(`there is no comment ${id}`);
}

// An event that also changes the item: change(item.rest, order, at) and the fields of the event.
const eventOf = (name, action, change, fields = () => ({})) => (project, order, at, actor) => {
  const item = changing(project, order, at);
  change(item.rest, order, at, actor, project);
  addEvent(project, item, name, at, actor, fields(order, item.rest, project));
  return itemHook(item, action, fields(order, item.rest, project));
};

const OPERATIONS = {
  touch: (project, order, at) => itemHook(changing(project, order, at), 'edited'),
  edit: (project, order, at) => {
    const item = changing(project, order, at);
    item.rest.body = order.body;
    return itemHook(item, 'edited', { changes: { body: { from: '' } } });
  },
  close: eventOf('closed', 'closed', (rest, order, at) => Object.assign(rest, { state: 'closed', closed_at: at, state_reason: rest.head ? undefined : order.reason ?? 'completed' }), (order, rest) => ({ state_reason: rest.state_reason ?? null })),
  reopen: eventOf('reopened', 'reopened', (rest) => Object.assign(rest, { state: 'open', closed_at: null, state_reason: rest.head ? undefined : 'reopened' })),
  label: eventOf('labeled', 'labeled', (rest, { label }, _, __, project) => { rest.labels = [...(rest.labels ?? []).filter((one) => one.name !== label), knownLabel(project, label)]; }, ({ label }, _, project) => ({ label: { name: label, color: knownLabel(project, label).color } })),
  unlabel: eventOf('unlabeled', 'unlabeled', (rest, { label }) => { rest.labels = (rest.labels ?? []).filter((one) => one.name !== label); }, ({ label }) => ({ label: { name: label, color: 'ededed' } })),
  assign: eventOf('assigned', 'assigned', (rest, { user }) => { rest.assignees = [...(rest.assignees ?? []), user]; }, ({ user }) => ({ assignee: user })),
  unassign: eventOf('unassigned', 'unassigned', (rest, { user }) => { rest.assignees = (rest.assignees ?? []).filter((one) => one.login !== user.login); }, ({ user }) => ({ assignee: user })),
  milestone: eventOf('milestoned', 'milestoned', (rest, order, _, __, project) => { rest.milestone = project.milestones.find((one) => one.title === order.milestone); }, (order) => ({ milestone: { title: order.milestone } })),
  retitle: (project, order, at, actor) => {
    const item = changing(project, order, at);
    const rename = { from: item.rest.title, to: order.title };
    item.rest.title = order.title;
    addEvent(project, item, 'renamed', at, actor, { rename });
    return itemHook(item, 'edited', { changes: { title: { from: rename.from } } });
  },
  lock: eventOf('locked', 'locked', (rest, order) => Object.assign(rest, { locked: true, active_lock_reason: order.reason ?? null }), (order) => ({ lock_reason: order.reason ?? null })),
  request_review: eventOf('review_requested', 'review_requested', (rest, { user }) => { rest.requested_reviewers = [...(rest.requested_reviewers ?? []), user]; }, ({ user }) => ({ requested_reviewer: user, review_requester: RESIDENT })),
  draft: eventOf('convert_to_draft', 'converted_to_draft', (rest) => { rest.draft = true; }),
  ready: eventOf('ready_for_review', 'ready_for_review', (rest) => { rest.draft = false; }),
  merge: (project, order, at, actor) => {
    const item = changing(project, order, at);
    const sha = order.sha ?? shaOf(project);
    Object.assign(item.rest, { state: 'closed', closed_at: at, merged_at: at, merge_commit_sha: sha, merged_by: actor });
    addEvent(project, item, 'merged', at, actor, { commit_id: sha });
    addEvent(project, item, 'closed', at, actor);
    return itemHook(item, 'closed');
  },
  push: (project, order, at) => {
    const item = changing(project, order, at);
    const sha = order.sha ?? shaOf(project);
    const person = { name: 'Ada Lovelace', email: 'ada@example.org', date: at };
    const before = item.rest.head.sha;
    addEvent(project, item, 'committed', at, null, { id: null, node_id: nodeId('Commit', sha), sha, created_at: null, author: person, committer: person, message: order.message ?? 'More work', parents: [{ sha: before }] });
    item.rest.head.sha = sha;
    item.rest.commits = (item.rest.commits ?? 0) + 1;
    return itemHook(item, 'synchronize', { before, after: sha });
  },
  force_push: (project, order, at, actor) => {
    const item = changing(project, order, at);
    const sha = order.sha ?? shaOf(project);
    const before = item.rest.head.sha;
    addEvent(project, item, 'head_ref_force_pushed', at, actor, { commit_id: sha });
    item.rest.head.sha = sha;
    return itemHook(item, 'synchronize', { before, after: sha });
  },
  comment: (project, order, at, actor) => {
    const item = changing(project, order, at);
    const made = addEvent(project, item, 'commented', at, actor, { user: actor, updated_at: at, body: order.body ?? 'A word on this.', author_association: 'CONTRIBUTOR' });
    return { name: 'issue_comment', action: 'created', item, event: made };
  },
  edit_comment: (project, order, at) => {
    const item = changing(project, { number: withComment(project, order.id) }, at);
    const event = item.events.find((one) => one.id === order.id);
    Object.assign(event, { body: order.body, updated_at: at });
    return { name: 'issue_comment', action: 'edited', item, event };
  },
  delete_comment: (project, order, at, actor) => {
    const item = changing(project, { number: withComment(project, order.id) }, at);
    const event = item.events.find((one) => one.id === order.id);
    item.events = item.events.filter((one) => one !== event);
    addEvent(project, item, 'comment_deleted', at, actor);
    return { name: 'issue_comment', action: 'deleted', item, event };
  },
  review: (project, order, at, actor) => {
    const item = changing(project, order, at);
    const made = addEvent(project, item, 'reviewed', at, actor, { actor: null, user: actor, state: order.state ?? 'approved', body: order.body ?? '', submitted_at: at, created_at: null, commit_id: item.rest.head.sha, author_association: 'MEMBER' });
    item.rest.requested_reviewers = (item.rest.requested_reviewers ?? []).filter((one) => one.login !== actor.login);
    return { name: 'pull_request_review', action: 'submitted', item, event: made };
  },
  inline: (project, order, at, actor) => {
    const item = changing(project, order, at);
    const id = fresh(project);
    const review = order.review ?? item.reviews[item.reviews.length - 1]?.id ?? null;
    const comment = { id, node_id: nodeId('PullRequestReviewComment', id), pull_request_review_id: review, diff_hunk: '@@ -1 +1 @@', path: order.path ?? 'src/main.c', position: 1, original_position: 1, commit_id: item.rest.head.sha,
      original_commit_id: item.rest.head.sha, user: actor, body: order.body ?? 'Why so?', created_at: at, updated_at: at, author_association: 'MEMBER', line: 1, original_line: 1, side: 'RIGHT', ...(order.reply_to ? { in_reply_to_id: order.reply_to } : {}) };
    item.inline = [...item.inline, comment];
    return { name: 'pull_request_review_comment', action: 'created', item, event: comment };
  },
  add_issue: (project, order, at, actor) => add(project, order, at, actor, false),
  add_pull: (project, order, at, actor) => add(project, order, at, actor, true),
  delete: (project, order) => remove(project, order, { reason: 'deleted', hidden: order.hidden }),
  transfer: (project, order) => remove(project, order, { reason: 'transferred', target: order.target }),
  convert: (project, order) => remove(project, order, { reason: 'converted' }),
  rename_repository: (project, order) => {
    const from = project.name;
    project.formerNames.push(project.fullName.toLowerCase());
    project.name = order.name ?? project.name;
    project.owner = order.owner ?? project.owner;
    project.repository.name = project.name;
    project.changed();
    project.texts = new WeakMap();
    return { name: 'repository', action: 'renamed', more: { changes: { repository: { name: { from } } } } };
  },
  add_label: (project, order) => { const made = { name: order.label, color: 'c0ffee', description: order.description ?? null }; project.labels.push(made); project.changed(); return { name: 'label', action: 'created', more: { label: made } }; },
  release: (project, order, at, actor) => {
    const made = { id: fresh(project), tag_name: order.tag, name: order.tag, body: order.body ?? '', draft: false, prerelease: false, created_at: at, published_at: at, author: actor };
    project.releases.unshift(made);
    project.changed();
    return { name: 'release', action: 'published', more: { release: made } };
  },
  run: (project, order, at, actor) => {
    const made = { ...(project.runs[0] ?? {}), id: order.id ?? fresh(project), name: order.workflow ?? 'CI', head_sha: order.sha, status: order.status ?? 'completed', conclusion: order.conclusion ?? 'success', event: 'push', created_at: at, updated_at: at, run_started_at: at, run_attempt: 1, actor, triggering_actor: actor, pull_requests: [] };
    project.runs = [made, ...project.runs.filter((run) => run.id !== made.id)];
    project.changed();
    return { name: 'workflow_run', action: made.status === 'completed' ? 'completed' : 'in_progress', more: { workflow_run: made } };
  },
  status: (project, order, at, actor) => {
    const made = { id: fresh(project), node_id: 'SC', url: '', avatar_url: '', state: order.state ?? 'success', description: null, target_url: null, context: order.context ?? 'ci', created_at: at, updated_at: at, creator: actor };
    project.statuses[order.sha] = [made, ...(project.statuses[order.sha] ?? [])];
    project.changed();
    return { name: 'status', action: undefined, more: { ...made, sha: order.sha, name: project.fullName, branches: [], commit: { sha: order.sha } } };
  },
  discussion_comment: (project, order, at, actor) => {
    const discussion = project.discussion(order.number);
    const made = { id: fresh(project), user: actor, body: order.body ?? 'So do I.', created_at: at, updated_at: at, author_association: 'NONE', reply_to: order.reply_to };
    discussion.comments = [...(discussion.comments ?? []), made];
    discussion.updated_at = at;
    project.changed();
    return { name: 'discussion_comment', action: 'created', more: { discussion, comment: made } };
  },
  answer: (project, order, at, actor) => {
    const discussion = project.discussion(order.number);
    Object.assign(discussion, { answer_id: order.id, answer_chosen_at: at, answer_chosen_by: actor, updated_at: at });
    project.changed();
    return { name: 'discussion', action: 'answered', more: { discussion } };
  },
};

function knownLabel(project, name) {
  let found = project.labels.find((one) => one.name === name);
  if (!found) project.labels.push((found = { name, color: 'ededed', description: null }));
  return found;
}

function add(project, order, at, actor, isPull) {
  const number = order.number ?? Math.max(...project.pristine.keys(), ...project.items.keys(), ...project.gone.keys()) + 1;
  const id = fresh(project);
  const kind = isPull ? 'pull' : 'issues';
  const rest = {
    id, node_id: nodeId(isPull ? 'PullRequest' : 'Issue', id), number, title: order.title ?? `Number ${number}`, body: order.body ?? 'It does not work.', user: actor, state: 'open', locked: false, labels: [], assignees: [],
    author_association: 'NONE', created_at: at, updated_at: at, closed_at: null, milestone: null, html_url: `https://github.com/${project.fullName}/${kind}/${number}`, comments: 0,
  };
  if (isPull) Object.assign(rest, { draft: false, merged_at: null, merge_commit_sha: null, requested_reviewers: [], head: { ref: 'patch', sha: order.sha ?? shaOf(project) }, base: { ref: project.repository.default_branch, sha: 'b'.repeat(40) }, additions: 3, deletions: 1, changed_files: 1, commits: 1 });
  else rest.state_reason = null;
  const Item = project.pristine.values().next().value.constructor;
  const item = new Item(isPull, rest, [], []);
  project.items.set(number, item);
  project.edited.add(number);
  project.changed();
  return itemHook(item, 'opened');
}

function remove(project, order, gone) {
  const item = project.items.get(order.number);
  if (!item) throw new Error(`there is no item ${order.number}`);
  project.items.delete(order.number);
  project.gone.set(order.number, gone);
  project.changed();
  return itemHook(item, gone.reason === 'transferred' ? 'transferred' : 'deleted');
}

export const operations = Object.keys(OPERATIONS);
export function mutate(project, order) {
  const operation = OPERATIONS[order.op];
  if (!operation) throw new Error(`no such change: ${order.op}`);
  const made = operation(project, order, moment(project, order), order.by ?? RESIDENT);
  made.sender = order.by ?? RESIDENT;
  made.shown = { op: order.op, number: made.item?.number, id: made.event?.id };
  return made;
}
