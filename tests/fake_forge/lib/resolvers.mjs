// What GraphQL fields answer, over the REST objects of a project. A source is {__typename, rest, …}: an Item is one
// itself; other things are wrapped here. Fields not named answer rest[snake_case name], or nothing.
import { GraphQLError } from 'graphql';
import { nodeId, account } from './shapes.mjs';
import { search, rollup } from './rest.mjs';
import { TYPE_OF_EVENT, connection, emptyConnection, enumOf } from './timeline.mjs';

const WEB = 'https://github.com';
const GHOST = 10137;

// Deleted accounts are null; a bot's login has no [bot].
export function actor(user) {
  if (!user || user.id === GHOST || user.login === 'ghost') return null;
  const type = ['Bot', 'Organization', 'Mannequin'].includes(user.type) ? user.type : 'User';
  return { __typename: type, rest: user, login: type === 'Bot' ? user.login.replace(/\[bot\]$/, '') : user.login };
}
// Types that hold no organisation answer null for one.
const only = (...types) => (made) => (made && types.includes(made.__typename) ? made : null);

const byId = (one) => [one.rest.id ?? one.rest.number ?? 0];
const identity = (one) => one;
const listed = (typename, objects, args, keyOf) => connection((objects ?? []).map((rest) => ({ __typename: typename, rest })), args, keyOf ?? byId, identity);
const positioned = (objects) => objects.map((object, index) => ({ object, index }));
const inOrder = (objects, args, wrap) => connection(positioned(objects ?? []), args, (one) => [one.index], (one) => wrap(one.object));

const notFound = (message) => new GraphQLError(message, { extensions: { type: 'NOT_FOUND' } });

export function timelineSource(event, item) {
  const __typename = TYPE_OF_EVENT[event.event];
  if (!__typename) return null;
  return { __typename, rest: event, item };
}
const commentSource = (event, item) => ({ __typename: 'IssueComment', rest: event, item });
const reviewSource = (event, item) => ({ __typename: 'PullRequestReview', rest: event, item });
const inlineSource = (rest, item) => ({ __typename: 'PullRequestReviewComment', rest, item });
const commitSource = (rest, item) => (rest?.sha ? { __typename: 'Commit', rest, item } : null);

function commitOf(sha, { project }) {
  if (!sha) return null;
  const known = project.once('commits', () => {
    const found = new Map();
    for (const { object } of project.everywhere('commits')) found.set(object.sha, object);
    return found;
  });
  return { __typename: 'Commit', rest: known.get(sha) ?? { sha, node_id: nodeId('Commit', sha), message: '' } };
}

function timeline(item, args, members) {
  let list = item.events.filter((event) => members.has(TYPE_OF_EVENT[event.event]));
  const total = list.length;
  if (args.since) list = list.filter((event) => Date.parse(event.created_at ?? event.submitted_at ?? event.committer?.date) >= Date.parse(args.since));
  if (args.itemTypes?.length) {
    const wanted = new Set(args.itemTypes);
    list = list.filter((event) => wanted.has(enumOf(TYPE_OF_EVENT[event.event])));
  }
  const made = connection(list, args, (event) => [event.place], (event) => timelineSource(event, item));
  return Object.assign(made, { filteredCount: list.length, totalCount: total, pageCount: made.nodes.length, updatedAt: item.rest.updated_at });
}

// Conversations on lines: a first comment and the replies to it.
export function threads(item) {
  const roots = new Map();
  for (const comment of item.inline) {
    const root = comment.in_reply_to_id && roots.has(comment.in_reply_to_id) ? comment.in_reply_to_id : comment.id;
    if (!roots.has(root)) roots.set(root, { __typename: 'PullRequestReviewThread', rest: { id: root, node_id: nodeId('PullRequestReviewThread', root) }, item, comments: [] });
    roots.get(root).comments.push(comment);
  }
  return [...roots.values()];
}

const ITEM_KEYS = { CREATED_AT: (item) => [item.rest.created_at, item.rest.id], UPDATED_AT: (item) => [item.rest.updated_at, item.rest.id], COMMENTS: (item) => [item.comments.length, item.rest.id] };
const stateOf = (item) => (item.isPull && item.rest.merged_at ? 'MERGED' : item.rest.state.toUpperCase());

function items(all, args, { project }) {
  const { field, direction } = args.orderBy ?? { field: 'CREATED_AT', direction: 'ASC' };
  const keyOf = ITEM_KEYS[field] ?? ITEM_KEYS.CREATED_AT;
  const descending = direction === 'DESC';
  const sign = descending ? -1 : 1;
  const filter = args.filterBy ?? {};
  const states = args.states ?? filter.states;
  const labels = args.labels ?? filter.labels;
  const sorted = project.once(`graphql/${all[0]?.isPull}/${field}/${direction}`, () =>
    [...all].sort((a, b) => { const [x, y] = [keyOf(a), keyOf(b)]; return sign * (x[0] < y[0] ? -1 : x[0] > y[0] ? 1 : x[1] - y[1]); }));
  const list = sorted.filter((item) => (!states?.length || states.includes(stateOf(item)))
    && (!labels?.length || (item.rest.labels ?? []).some((label) => labels.includes(label.name)))
    && (!filter.since || Date.parse(item.rest.updated_at) >= Date.parse(filter.since))
    && (!filter.createdBy || item.rest.user?.login === filter.createdBy)
    && (!args.baseRefName || item.rest.base?.ref === args.baseRefName) && (!args.headRefName || item.rest.head?.ref === args.headRefName));
  return connection(list, args, keyOf, identity, descending);
}

function itemOr(project, number, isPull) {
  const item = project.items.get(number);
  if (item && (isPull === undefined || item.isPull === isPull)) return item;
  const kind = isPull === undefined ? 'issue or pull request' : isPull ? 'PullRequest' : 'Issue';
  throw notFound(`Could not resolve to ${isPull ? 'a' : 'an'} ${kind} with the number of ${number}.`);
}

const discussionSource = (rest) => ({ __typename: 'Discussion', rest });
const discussionComment = (rest, discussion, parent) => ({ __typename: 'DiscussionComment', rest, discussion, parent });

// An issue or pull request that is named by an event; of another repository perhaps.
function subject(issue, { project }) {
  if (!issue) return null;
  const home = (issue.repository_url ?? '').split('/repos/')[1];
  if (!home || home.toLowerCase() === project.fullName.toLowerCase() || home === project.originalName) {
    const item = project.items.get(issue.number);
    if (item) return item;
  }
  const [owner, name] = (home ?? project.fullName).split('/');
  return {
    __typename: issue.pull_request ? 'PullRequest' : 'Issue', rest: issue, isPull: Boolean(issue.pull_request), number: issue.number, events: [], inline: [], comments: [], reviews: [], commits: [],
    foreign: { __typename: 'Repository', rest: { name, full_name: home, html_url: `${WEB}/${home}`, node_id: nodeId('Repository', home) }, owner },
  };
}

function findNode(id, context) {
  const { project } = context;
  const item = project.itemOfNode(id);
  if (item) return item;
  if (id === context.repository.rest.node_id) return context.repository;
  const index = project.once('all-nodes', () => {
    const found = new Map();
    for (const one of project.items.values()) {
      for (const event of one.events) if (event.node_id) found.set(event.node_id, () => timelineSource(event, one));
      for (const event of one.reviews) found.set(event.node_id ?? nodeId('PullRequestReview', event.id), () => reviewSource(event, one));
      for (const comment of one.inline) found.set(comment.node_id ?? nodeId('PullRequestReviewComment', comment.id), () => inlineSource(comment, one));
      for (const thread of threads(one)) found.set(thread.rest.node_id, () => thread);
    }
    for (const discussion of project.discussions) {
      found.set(discussion.node_id ?? nodeId('Discussion', discussion.id), () => discussionSource(discussion));
      for (const comment of discussion.comments ?? []) found.set(comment.node_id ?? nodeId('DiscussionComment', comment.id), () => discussionComment(comment, discussion));
    }
    for (const sha of [...Object.keys(project.checkRuns), ...Object.keys(project.statuses)]) found.set(nodeId('Commit', sha), () => commitOf(sha, context));
    return found;
  });
  return index.get(id)?.() ?? null;
}

const assignables = {
  assignees: ({ rest }, args) => inOrder((rest.assignees ?? []).map(actor).filter(only('User')), args, identity),
  labels: ({ rest }, args) => inOrder(rest.labels, args, (label) => ({ __typename: 'Label', rest: label })),
  milestone: ({ rest }) => (rest.milestone ? { __typename: 'Milestone', rest: rest.milestone } : null),
  comments: (item, args) => connection(item.comments, args, (event) => [event.place], (event) => commentSource(event, item)),
  repository: (item, _, context) => item.foreign ?? context.repository,
  closed: ({ rest }) => rest.state === 'closed',
  participants: (item, args) => inOrder([...new Map([item.rest.user, ...item.comments.map((one) => one.user)].filter(Boolean).map((user) => [user.login, user])).values()].map(actor).filter(only('User')), args, identity),
  activeLockReason: ({ rest }) => lockReason(rest.active_lock_reason),
  locked: ({ rest }) => Boolean(rest.locked),
  state: stateOf,
};
const lockReason = (text) => (text ? text.toUpperCase().replace(/[- ]/g, '_') : null);

export const ISSUE_MEMBERS = new Set(Object.values(TYPE_OF_EVENT).filter((type) => !/^(PullRequest|AutoMerge|Auto|BaseRef|HeadRef|Deploy|AddedToMerge|RemovedFromMerge|Merged|ReadyFor|ConvertToDraft|Review|Automatic)/.test(type)));
export const PULL_MEMBERS = new Set(Object.values(TYPE_OF_EVENT).filter((type) => !/ProjectV2/.test(type)));

const STATUS = { success: 'SUCCESS', failure: 'FAILURE', error: 'ERROR', pending: 'PENDING' };
function rollupOf(sha, context) {
  const { project } = context;
  const runs = project.checkRuns[sha] ?? [];
  const latest = [...new Map([...(project.statuses[sha] ?? [])].reverse().map((status) => [status.context, status])).values()];
  if (runs.length + latest.length === 0) return null;
  const outcome = (run) => (run.status !== 'completed' ? 'pending' : ['success', 'neutral', 'skipped'].includes(run.conclusion) ? 'success' : 'failure');
  return { __typename: 'StatusCheckRollup', sha, runs, latest, rest: { node_id: nodeId('StatusCheckRollup', sha) }, state: STATUS[rollup([...runs.map(outcome), ...latest.map((one) => one.state)])] };
}
const checkRun = (rest) => ({ __typename: 'CheckRun', rest });
const workflowRun = (rest) => ({ __typename: 'WorkflowRun', rest });
const statusContext = (sha) => (rest) => ({ __typename: 'StatusContext', rest, sha });

const gitActor = (given) => (given ? { __typename: 'GitActor', rest: given } : null);
const ofItem = { pullRequest: ({ item }) => (item?.isPull ? item : null), repository: (_, __, context) => context.repository };

export const resolvers = {
  Any: {
    // What has no id in a backup is told apart by its place.
    id: ({ rest, __typename, item }) => rest?.node_id ?? (rest ? nodeId(__typename, rest.id ?? rest.number ?? `${item?.rest?.number ?? 0}@${rest.place ?? 0}`) : undefined),
    databaseId: ({ rest }) => rest?.id,
    fullDatabaseId: ({ rest }) => (rest?.id ? String(rest.id) : null),
    author: ({ rest }) => actor(rest?.user),
    actor: ({ rest }) => actor(rest?.actor),
    creator: ({ rest }) => actor(rest?.creator),
    url: ({ rest }) => rest?.html_url,
    resourcePath: ({ rest }) => (rest?.html_url ?? '').replace(WEB, ''),
    body: ({ rest }) => rest?.body,
    bodyText: ({ rest }) => rest?.body,
    authorAssociation: ({ rest }) => rest?.author_association,
    updatedAt: ({ rest }) => rest?.updated_at ?? rest?.submitted_at ?? rest?.created_at,
    publishedAt: ({ rest }) => rest?.published_at ?? rest?.submitted_at ?? rest?.created_at,
    reactions: ({ rest }) => Object.assign(emptyConnection(), { totalCount: rest?.reactions?.total_count ?? 0 }),
    reactionGroups: ({ rest }) => [['THUMBS_UP', '+1'], ['THUMBS_DOWN', '-1'], ['LAUGH', 'laugh'], ['HOORAY', 'hooray'], ['CONFUSED', 'confused'], ['ROCKET', 'rocket'], ['HEART', 'heart'], ['EYES', 'eyes']]
      .map(([content, key]) => ({ __typename: 'ReactionGroup', content, reactors: Object.assign(emptyConnection(), { totalCount: rest?.reactions?.[key] ?? 0 }), users: Object.assign(emptyConnection(), { totalCount: rest?.reactions?.[key] ?? 0 }) })),
    isMinimized: ({ rest }) => Boolean(rest?.minimized),
    repository: (_, __, context) => context.repository,
    subject: ({ item }) => item, closable: ({ item }) => item, labelable: ({ item }) => item, assignable: ({ item }) => item, lockable: ({ item }) => item, target: ({ item }) => item,
    pullRequest: ofItem.pullRequest,
    issue: ({ item }) => item,
  },
  Event: {
    label: ({ rest }) => (rest.label ? { __typename: 'Label', rest: rest.label } : null),
    milestoneTitle: ({ rest }) => rest.milestone?.title,
    assignee: ({ rest }) => actor(rest.assignee),
    user: ({ rest }) => only('User')(actor(rest.assignee)),
    requestedReviewer: ({ rest }) => (rest.requested_team ? { __typename: 'Team', rest: rest.requested_team, name: rest.requested_team.name, slug: rest.requested_team.slug } : only('User', 'Bot', 'Mannequin')(actor(rest.requested_reviewer))),
    previousTitle: ({ rest }) => rest.rename?.from,
    currentTitle: ({ rest }) => rest.rename?.to,
    lockReason: ({ rest }) => lockReason(rest.lock_reason),
    stateReason: ({ rest }) => rest.state_reason?.toUpperCase(),
    commit: ({ rest }, _, context) => commitOf(rest.commit_id, context),
    afterCommit: ({ rest }, _, context) => commitOf(rest.commit_id, context),
    closer: ({ rest }, _, context) => commitOf(rest.commit_id, context),
    commitRepository: ({ rest }, _, context) => repositoryOfCommit(rest, context),
    isCrossRepository: ({ rest }, _, { project }) => Boolean(rest.event === 'referenced' ? rest.commit_url && !rest.commit_url.toLowerCase().includes(`/repos/${project.originalName.toLowerCase()}/`) : rest.source?.issue?.repository_url && !rest.source.issue.repository_url.endsWith(`/${project.originalName}`)),
    source: ({ rest, item }, _, context) => subject(rest.source?.issue, context) ?? item,
    referencedAt: ({ rest }) => rest.created_at,
    mergeRefName: ({ item }) => item.rest.base?.ref,
    headRefName: ({ item }) => item.rest.head?.ref,
    deletedCommentAuthor: ({ rest }) => actor(rest.deleted_comment_author),
    review: ({ rest, item }) => item.reviews.map((event) => reviewSource(event, item)).find((one) => one.rest.id === rest.dismissed_review?.review_id),
    previousReviewState: ({ rest }) => rest.dismissed_review?.state?.toUpperCase(),
    dismissalMessage: ({ rest }) => rest.dismissed_review?.dismissal_message,
    subject: ({ item }) => item,
  },
  Query: {
    repository: (_, { owner, name }, context) => {
      const wanted = `${owner}/${name}`.toLowerCase();
      const { project } = context;
      if (wanted === project.fullName.toLowerCase() || project.formerNames.includes(wanted)) return context.repository;
      throw notFound(`Could not resolve to a Repository with the name '${owner}/${name}'.`);
    },
    rateLimit: (_, __, { price, budget }) => ({ cost: price.cost, nodeCount: price.nodes, limit: budget.limit, remaining: budget.remaining, used: budget.used, resetAt: new Date(budget.reset * 1000).toISOString().replace('.000', '') }),
    viewer: () => ({ __typename: 'User', rest: { login: 'resident', id: 4242 }, login: 'resident' }),
    node: (_, { id }, context) => {
      const found = findNode(id, context);
      if (!found) throw notFound(`Could not resolve to a node with the global id of '${id}'`);
      return found;
    },
    nodes: (_, { ids }, context) => ids.map((id) => findNode(id, context) ?? notFound(`Could not resolve to a node with the global id of '${id}'.`)),
    search: (_, args, { project }) => {
      if (args.type !== 'ISSUE' && args.type !== 'ISSUE_ADVANCED') return Object.assign(emptyConnection(), { issueCount: 0 });
      const list = search(project, args.query);
      return connection(list.slice(0, 1000), args, (item) => [-item.number], identity, false, { issueCount: list.length });
    },
  },
  Repository: {
    id: ({ rest }) => rest.node_id, nameWithOwner: ({ rest }) => rest.full_name,
    owner: (source, _, { project }) => ({ __typename: project.ownerAccount.type === 'User' ? 'User' : 'Organization', rest: project.ownerAccount, login: source.owner ?? project.owner }),
    issues: (_, args, context) => items(context.project.issues(), args, context),
    pullRequests: (_, args, context) => items(context.project.pulls(), args, context),
    issue: (_, { number }, { project }) => itemOr(project, number, false),
    pullRequest: (_, { number }, { project }) => itemOr(project, number, true),
    issueOrPullRequest: (_, { number }, { project }) => itemOr(project, number),
    labels: (_, args, { project }) => listed('Label', project.labels, args),
    label: (_, { name }, { project }) => { const rest = project.labels.find((one) => one.name === name); return rest ? { __typename: 'Label', rest } : null; },
    milestones: (_, args, { project }) => listed('Milestone', project.milestones.filter((one) => !args.states?.length || args.states.includes((one.state ?? 'open').toUpperCase())), args, (one) => [one.rest.number]),
    releases: (_, args, { project }) => {
      const descending = args.orderBy ? args.orderBy.direction === 'DESC' : true;
      const list = [...project.releases].sort((a, b) => (descending ? b.id - a.id : a.id - b.id)).map((rest) => ({ __typename: 'Release', rest }));
      return connection(list, args, byId, identity, descending);
    },
    discussions: (_, args, { project }) => {
      const key = args.orderBy?.field === 'CREATED_AT' ? 'created_at' : 'updated_at';
      const descending = args.orderBy?.direction !== 'ASC';
      const sign = descending ? -1 : 1;
      const list = project.discussions.filter((one) => args.answered === null || args.answered === undefined || Boolean(one.answer_chosen_at) === args.answered)
        .sort((a, b) => sign * (a[key] < b[key] ? -1 : a[key] > b[key] ? 1 : a.id - b.id)).map(discussionSource);
      return connection(list, args, ({ rest }) => [rest[key], rest.id], identity, descending);
    },
    discussion: (_, { number }, { project }) => {
      const rest = project.discussion(number);
      if (!rest) throw notFound(`Could not resolve to a Discussion with the number of ${number}.`);
      return discussionSource(rest);
    },
    object: (_, { expression }, { project }) => {
      const file = expression?.split(':')[1];
      const text = project.contents[file];
      return text === undefined ? null : { __typename: 'Blob', rest: { node_id: nodeId('Blob', file) }, text, byteSize: Buffer.byteLength(text), isBinary: false };
    },
    defaultBranchRef: (_, __, context) => ({ __typename: 'Ref', rest: { node_id: 'REF', name: context.project.repository.default_branch }, name: context.project.repository.default_branch }),
    hasDiscussionsEnabled: (_, __, { project }) => project.discussions.length > 0,
    hasIssuesEnabled: () => true,
    isPrivate: ({ rest }) => Boolean(rest.private),
    stargazerCount: ({ rest }) => rest.stargazers_count, forkCount: ({ rest }) => rest.forks_count,
    visibility: () => 'PUBLIC',
  },
  Issue: {
    ...assignables,
    timelineItems: (item, args) => timeline(item, args, ISSUE_MEMBERS),
    stateReason: ({ rest }) => rest.state_reason?.toUpperCase(),
  },
  PullRequest: {
    ...assignables,
    timelineItems: (item, args) => timeline(item, args, PULL_MEMBERS),
    isDraft: ({ rest }) => Boolean(rest.draft), merged: ({ rest }) => Boolean(rest.merged_at), mergedBy: ({ rest }) => actor(rest.merged_by),
    additions: ({ rest }) => rest.additions, deletions: ({ rest }) => rest.deletions, changedFiles: ({ rest }) => rest.changed_files,
    headRefOid: ({ rest }) => rest.head?.sha, headRefName: ({ rest }) => rest.head?.ref, baseRefName: ({ rest }) => rest.base?.ref, baseRefOid: ({ rest }) => rest.base?.sha,
    mergeCommit: ({ rest }, _, context) => (rest.merged_at ? commitOf(rest.merge_commit_sha, context) : null),
    potentialMergeCommit: ({ rest }, _, context) => (rest.merged_at ? null : commitOf(rest.merge_commit_sha, context)),
    mergeable: ({ rest }) => (rest.mergeable === true ? 'MERGEABLE' : rest.mergeable === false ? 'CONFLICTING' : 'UNKNOWN'),
    reviews: (item, args) => connection(item.reviews.filter((event) => (!args.states?.length || args.states.includes((event.state ?? 'commented').toUpperCase())) && (!args.author || event.user?.login === args.author)), args, (event) => [event.place], (event) => reviewSource(event, item)),
    latestReviews: (item, args) => inOrder([...new Map(item.reviews.map((event) => [event.user?.login, event])).values()], args, (event) => reviewSource(event, item)),
    reviewThreads: (item, args) => inOrder(threads(item), args, identity),
    reviewRequests: ({ rest }, args) => inOrder([...(rest.requested_reviewers ?? []).map(actor).filter(only('User', 'Bot', 'Mannequin')), ...(rest.requested_teams ?? []).map((team) => ({ __typename: 'Team', rest: team, name: team.name, slug: team.slug }))], args,
      (reviewer) => ({ __typename: 'ReviewRequest', rest: { id: 1, node_id: 'RR' }, requestedReviewer: reviewer })),
    commits: (item, args) => {
      // A pull request shows the commits that it has now; a backup's timeline may also hold fewer than it says.
      const made = connection(item.commits, args, (event) => [event.place], (event) => timelineSource(event, item));
      made.totalCount = item.rest.commits ?? item.commits.length;
      return made;
    },
    files: (item, args, { project }) => inOrder(project.files[item.number], args, (file) => ({ path: file.filename, additions: file.additions, deletions: file.deletions, changeType: { added: 'ADDED', removed: 'DELETED', renamed: 'RENAMED', modified: 'MODIFIED' }[file.status] ?? 'CHANGED' })),
    statusCheckRollup: ({ rest }, _, context) => rollupOf(rest.head?.sha, context),
    totalCommentsCount: (item) => item.comments.length + item.inline.length,
    isCrossRepository: ({ rest }) => Boolean(rest.head?.repo && rest.base?.repo && rest.head.repo.id !== rest.base.repo.id),
    maintainerCanModify: ({ rest }) => rest.maintainer_can_modify,
    closingIssuesReferences: ({ closing }, args, { project }) => inOrder((closing ?? []).map((number) => project.items.get(number)), args, identity),
    number: (item) => item.number,
  },
  IssueComment: { author: ({ rest }) => actor(rest.user ?? rest.actor), ...ofItem, issue: ({ item }) => item },
  PullRequestCommit: { commit: ({ rest, item }) => commitSource(rest, item), ...ofItem },
  PullRequestReview: {
    ...ofItem, state: ({ rest }) => (rest.state ?? 'COMMENTED').toUpperCase(), commit: ({ rest }, _, context) => commitOf(rest.commit_id, context), createdAt: ({ rest }) => rest.submitted_at,
    comments: ({ rest, item }, args) => connection(item.inline.filter((one) => one.pull_request_review_id === rest.id), args, (one) => [one.id], (one) => inlineSource(one, item)),
  },
  PullRequestReviewThread: {
    ...ofItem, comments: ({ comments, item }, args) => connection(comments ?? [], args, (one) => [one.id], (one) => inlineSource(one, item)),
    path: ({ comments }) => comments?.[0]?.path, line: ({ comments }) => comments?.[0]?.line, originalLine: ({ comments }) => comments?.[0]?.original_line,
    isOutdated: ({ comments }) => comments?.[0]?.position === null, isResolved: ({ comments }) => Boolean(comments?.[0]?.resolved), diffSide: ({ comments }) => comments?.[0]?.side,
  },
  PullRequestReviewComment: {
    ...ofItem, commit: ({ rest }, _, context) => commitOf(rest.commit_id, context), originalCommit: ({ rest }, _, context) => commitOf(rest.original_commit_id, context),
    replyTo: ({ rest, item }) => (rest.in_reply_to_id ? inlineSource(item.inline.find((one) => one.id === rest.in_reply_to_id) ?? { id: rest.in_reply_to_id, path: rest.path }, item) : null),
    // The review of a comment that stands alone is no entry of the timeline; it is there all the same.
    pullRequestReview: ({ rest, item }) => (rest.pull_request_review_id ? reviewSource(item.reviews.find((one) => one.id === rest.pull_request_review_id) ?? { id: rest.pull_request_review_id, state: 'COMMENTED', user: rest.user, submitted_at: rest.created_at }, item) : null),
    draftedAt: ({ rest }) => rest.created_at, outdated: ({ rest }) => rest.position === null, state: () => 'SUBMITTED', subjectType: ({ rest }) => (rest.subject_type ?? 'line').toUpperCase(),
  },
  Commit: {
    oid: ({ rest }) => rest.sha, messageHeadline: ({ rest }) => (rest.message ?? '').split('\n')[0], messageBody: ({ rest }) => (rest.message ?? '').split('\n').slice(1).join('\n').trim(),
    abbreviatedOid: ({ rest }) => rest.sha.slice(0, 7), author: ({ rest }) => gitActor(rest.author), committer: ({ rest }) => gitActor(rest.committer),
    authoredDate: ({ rest }) => rest.author?.date, committedDate: ({ rest }) => rest.committer?.date, statusCheckRollup: ({ rest }, _, context) => rollupOf(rest.sha, context),
    parents: ({ rest }, args, context) => inOrder(rest.parents, args, (parent) => commitOf(parent.sha, context)),
    status: ({ rest }, _, { project }) => (project.statuses[rest.sha]?.length ? { __typename: 'Status', sha: rest.sha, rest: { id: rest.sha } } : null),
    checkSuites: ({ rest }, args, { project }) => {
      const runs = project.runs.filter((run) => run.head_sha === rest.sha);
      const suites = new Map(runs.map((run) => [run.check_suite_id ?? run.id, { __typename: 'CheckSuite', rest: { id: run.check_suite_id ?? run.id, ...run }, run, sha: rest.sha }]));
      for (const check of project.checkRuns[rest.sha] ?? []) {
        const id = check.check_suite?.id ?? 0;
        if (!suites.has(id)) suites.set(id, { __typename: 'CheckSuite', rest: { id, status: check.status, conclusion: check.conclusion, created_at: check.started_at }, sha: rest.sha });
      }
      return connection([...suites.values()], args, byId, identity);
    },
  },
  GitActor: { name: ({ rest }) => rest.name, email: ({ rest }) => rest.email, date: ({ rest }) => rest.date, user: ({ rest }) => only('User')(actor(rest.user)) },
  Status: { state: ({ sha }, _, context) => rollupOf(sha, context)?.state, contexts: ({ sha }, _, context) => rollupOf(sha, context)?.latest.map(statusContext(sha)) },
  StatusCheckRollup: {
    commit: ({ sha }, _, context) => commitOf(sha, context),
    contexts: ({ runs, latest, sha }, args) => inOrder([...runs.map(checkRun), ...latest.map(statusContext(sha))], args, identity),
  },
  StatusContext: { targetUrl: ({ rest }) => rest.target_url, state: ({ rest }) => STATUS[rest.state], commit: ({ sha }, _, context) => commitOf(sha, context) },
  CheckRun: {
    detailsUrl: ({ rest }) => rest.details_url, externalId: ({ rest }) => rest.external_id,
    checkSuite: ({ rest }, _, { project }) => ({ __typename: 'CheckSuite', rest: { id: rest.check_suite?.id ?? 0 }, run: project.runs.find((run) => run.check_suite_id === rest.check_suite?.id), sha: rest.head_sha }),
  },
  CheckSuite: {
    workflowRun: ({ run }) => (run ? workflowRun(run) : null), commit: ({ sha }, _, context) => commitOf(sha, context), app: () => null, creator: () => null,
    checkRuns: ({ rest, sha }, args, { project }) => connection((project.checkRuns[sha] ?? []).filter((check) => (check.check_suite?.id ?? 0) === rest.id), args, (one) => [one.id], checkRun),
    branch: () => null,
  },
  WorkflowRun: {
    runNumber: ({ rest }) => rest.run_number, workflow: ({ rest }) => ({ __typename: 'Workflow', rest: { id: rest.workflow_id, name: rest.name }, name: rest.name }),
    checkSuite: ({ rest }) => ({ __typename: 'CheckSuite', rest: { ...rest, id: rest.check_suite_id ?? rest.id }, run: rest, sha: rest.head_sha }),
  },
  Label: { isDefault: ({ rest }) => Boolean(rest.default), color: ({ rest }) => rest.color ?? 'ededed', createdAt: () => null },
  Milestone: { dueOn: ({ rest }) => rest.due_on, closed: ({ rest }) => rest.state === 'closed', state: ({ rest }) => rest.state ?? 'open' },
  Release: {
    author: ({ rest }) => only('User')(actor(rest.author)), description: ({ rest }) => rest.body, isDraft: ({ rest }) => Boolean(rest.draft), isPrerelease: ({ rest }) => Boolean(rest.prerelease),
    tagName: ({ rest }) => rest.tag_name, url: ({ rest }, _, { project }) => rest.html_url ?? `${WEB}/${project.fullName}/releases/tag/${rest.tag_name}`,
  },
  Discussion: {
    url: ({ rest }, _, { project }) => rest.html_url ?? `${WEB}/${project.fullName}/discussions/${rest.number}`, category: ({ rest }) => ({ __typename: 'DiscussionCategory', rest: { id: 1, ...rest.category }, isAnswerable: rest.category?.is_answerable }),
    comments: ({ rest }, args) => connection((rest.comments ?? []).filter((one) => !one.reply_to), args, (one) => [one.created_at, one.id], (one) => discussionComment(one, rest)),
    answer: ({ rest }) => { const found = (rest.comments ?? []).find((one) => one.id === rest.answer_id); return found ? discussionComment(found, rest) : null; },
    isAnswered: ({ rest }) => (rest.category?.is_answerable ? Boolean(rest.answer_chosen_at) : null), answerChosenBy: ({ rest }) => actor(rest.answer_chosen_by),
    closed: ({ rest }) => Boolean(rest.closed_at), stateReason: ({ rest }) => rest.state_reason, labels: ({ rest }, args) => inOrder(rest.labels, args, (label) => ({ __typename: 'Label', rest: label })), upvoteCount: ({ rest }) => rest.upvotes,
  },
  DiscussionComment: {
    replies: ({ rest, discussion }, args) => connection((discussion.comments ?? []).filter((one) => one.reply_to === rest.id), args, (one) => [one.created_at, one.id], (one) => discussionComment(one, discussion, rest)),
    replyTo: ({ rest, discussion }) => { const found = (discussion.comments ?? []).find((one) => one.id === rest.reply_to); return found ? discussionComment(found, discussion) : null; },
    isAnswer: ({ rest, discussion }) => rest.id === discussion.answer_id, discussion: ({ discussion }) => discussionSource(discussion),
    url: ({ rest, discussion }, _, { project }) => `${WEB}/${project.fullName}/discussions/${discussion.number}#discussioncomment-${rest.id}`, upvoteCount: ({ rest }) => rest.upvotes,
  },
};
for (const type of ['User', 'Bot', 'Organization', 'Mannequin'])
  resolvers[type] = { login: ({ login }) => login, url: ({ rest }) => account(rest).html_url, avatarUrl: ({ rest }) => account(rest).avatar_url, id: ({ rest }) => account(rest).node_id };

function repositoryOfCommit(rest, context) {
  const name = (rest.commit_url ?? '').match(/\/repos\/([^/]+\/[^/]+)\//)?.[1];
  if (!name || name.toLowerCase() === context.project.originalName.toLowerCase()) return context.repository;
  const [owner, repo] = name.split('/');
  return { __typename: 'Repository', rest: { name: repo, full_name: name, html_url: `${WEB}/${name}`, node_id: nodeId('Repository', name) }, owner };
}
