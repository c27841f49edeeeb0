// REST objects in the forms in which GitHub answers with them. A backup may be lean ({login, id, type} for a user, no
// links); what the forge always says is completed here. Nothing is invented that a backup would have to know.
const API = 'https://api.github.com';
const WEB = 'https://github.com';

const accounts = new WeakMap();
export function account(user) {
  if (!user) return null;
  let full = accounts.get(user);
  if (full) return full;
  const { login } = user;
  const url = `${API}/users/${encodeURIComponent(login)}`;
  full = {
    login, id: user.id ?? 0, node_id: user.node_id ?? nodeId('User', user.id ?? 0),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id ?? 0}?v=4`, gravatar_id: '', url,
    html_url: user.type === 'Bot' ? `${WEB}/apps/${login.replace('[bot]', '')}` : `${WEB}/${login}`,
    followers_url: `${url}/followers`, following_url: `${url}/following{/other_user}`, gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`, subscriptions_url: `${url}/subscriptions`, organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`, events_url: `${url}/events{/privacy}`, received_events_url: `${url}/received_events`,
    type: user.type ?? 'User', user_view_type: 'public', site_admin: false, ...user,
  };
  accounts.set(user, full);
  return full;
}

// An id of the old kind, as GitHub still gives to what is old: base64 of "0N:TypeID".
export function nodeId(type, id) {
  return Buffer.from(`0${type.length}:${type}${id}`).toString('base64');
}

const people = ['user', 'actor', 'assignee', 'requested_reviewer', 'review_requester', 'creator', 'uploader', 'merged_by', 'closed_by', 'triggering_actor'];
// The object with whole accounts in it; `author` of a commit is no account and stays.
export function withAccounts(object) {
  const full = { ...object };
  for (const key of people) if (full[key]) full[key] = account(full[key]);
  for (const key of ['assignees', 'requested_reviewers']) if (full[key]) full[key] = full[key].map(account);
  return full;
}

export const reactions = (given, url) => ({
  url: `${url}/reactions`, total_count: 0, '+1': 0, '-1': 0, laugh: 0, hooray: 0, confused: 0, heart: 0, rocket: 0, eyes: 0, ...given,
});

export function label(given, project) {
  const id = given.id ?? hash(given.name);
  return {
    id, node_id: given.node_id ?? nodeId('Label', id), url: `${API}/repos/${project.fullName}/labels/${encodeURIComponent(given.name)}`,
    color: 'ededed', default: false, description: null, ...given,
  };
}

export function milestone(given, project) {
  if (!given) return null;
  const url = `${API}/repos/${project.fullName}/milestones/${given.number}`;
  const id = given.id ?? given.number;
  return {
    url, html_url: `${WEB}/${project.fullName}/milestone/${given.number}`, labels_url: `${url}/labels`, id,
    node_id: nodeId('Milestone', id), description: null, state: 'open', open_issues: 0, closed_issues: 0, creator: null,
    created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z', closed_at: null, due_on: null, ...withAccounts(given),
  };
}

function hash(text) {
  let value = 7;
  for (const letter of text) value = (value * 31 + letter.codePointAt(0)) % 1_000_000_007;
  return value;
}

const issueOf = (item, project) => `${API}/repos/${project.fullName}/issues/${item.number}`;

// Item as /issues shows it: a pull request is an issue with `pull_request` there.
export function issue(item, project) {
  const given = item.rest;
  const url = issueOf(item, project);
  const pullUrl = `${API}/repos/${project.fullName}/pulls/${item.number}`;
  const web = `${WEB}/${project.fullName}/${item.isPull ? 'pull' : 'issues'}/${item.number}`;
  const object = {
    url, repository_url: `${API}/repos/${project.fullName}`, labels_url: `${url}/labels{/name}`, comments_url: `${url}/comments`,
    events_url: `${url}/events`, html_url: web,
    id: item.isPull ? given.id + 700_000_000 : given.id, node_id: given.node_id ?? nodeId('Issue', given.id),
    number: item.number, title: given.title, user: account(given.user), labels: (given.labels ?? []).map((one) => label(one, project)),
    state: given.state, locked: given.locked ?? false, assignee: account(given.assignees?.[0] ?? null),
    assignees: (given.assignees ?? []).map(account), milestone: milestone(given.milestone, project),
    comments: item.comments.length, created_at: given.created_at, updated_at: given.updated_at, closed_at: given.closed_at ?? null,
    author_association: given.author_association ?? 'NONE', active_lock_reason: given.active_lock_reason ?? null,
  };
  if (item.isPull) {
    object.draft = given.draft ?? false;
    object.pull_request = { url: pullUrl, html_url: web, diff_url: `${web}.diff`, patch_url: `${web}.patch`, merged_at: given.merged_at ?? null };
  }
  object.body = given.body ?? null;
  object.reactions = reactions(given.reactions, url);
  object.timeline_url = `${url}/timeline`;
  object.performed_via_github_app = null;
  object.state_reason = item.isPull ? null : given.state_reason ?? null;
  return object;
}

function branch(given, project, fallback) {
  const side = given ?? {};
  return {
    label: side.label ?? `${project.owner}:${side.ref ?? fallback}`, ref: side.ref ?? fallback, sha: side.sha ?? '0'.repeat(40),
    user: account(side.user ?? null), repo: side.repo === undefined ? null : repository(project),
  };
}

// A pull request as a list shows it; `single` adds what only the single request has.
export function pull(item, project, single) {
  const given = item.rest;
  const url = `${API}/repos/${project.fullName}/pulls/${item.number}`;
  const web = `${WEB}/${project.fullName}/pull/${item.number}`;
  const issueUrl = issueOf(item, project);
  const head = branch(given.head, project, 'patch');
  const base = { ...branch(given.base, project, project.repository.default_branch), repo: repository(project), user: account(project.ownerAccount) };
  const links = {};
  for (const [key, href] of Object.entries({
    self: url, html: web, issue: issueUrl, comments: `${issueUrl}/comments`, review_comments: `${url}/comments`,
    review_comment: `${API}/repos/${project.fullName}/pulls/comments{/number}`, commits: `${url}/commits`,
    statuses: `${API}/repos/${project.fullName}/statuses/${head.sha}`,
  })) links[key] = { href };
  const object = {
    url, id: given.id, node_id: given.node_id ?? nodeId('PullRequest', given.id), html_url: web, diff_url: `${web}.diff`, patch_url: `${web}.patch`,
    issue_url: issueUrl, number: item.number, state: given.state, locked: given.locked ?? false, title: given.title, user: account(given.user),
    body: given.body ?? null, created_at: given.created_at, updated_at: given.updated_at, closed_at: given.closed_at ?? null,
    merged_at: given.merged_at ?? null, merge_commit_sha: given.merge_commit_sha ?? null, assignee: account(given.assignees?.[0] ?? null),
    assignees: (given.assignees ?? []).map(account), requested_reviewers: (given.requested_reviewers ?? []).map(account),
    requested_teams: given.requested_teams ?? [], labels: (given.labels ?? []).map((one) => label(one, project)),
    milestone: milestone(given.milestone, project), draft: given.draft ?? false, commits_url: `${url}/commits`, review_comments_url: `${url}/comments`,
    review_comment_url: links.review_comment.href, comments_url: links.comments.href, statuses_url: links.statuses.href, head, base, _links: links,
    author_association: given.author_association ?? 'NONE', auto_merge: given.auto_merge ?? null, active_lock_reason: given.active_lock_reason ?? null,
  };
  if (!single) return object;
  return {
    ...object, merged: Boolean(given.merged_at), mergeable: given.mergeable ?? null, rebaseable: given.rebaseable ?? null,
    mergeable_state: given.mergeable_state ?? 'unknown', merged_by: account(given.merged_by ?? null), comments: item.comments.length,
    review_comments: item.inline.length, maintainer_can_modify: given.maintainer_can_modify ?? false, commits: given.commits ?? 0,
    additions: given.additions ?? 0, deletions: given.deletions ?? 0, changed_files: given.changed_files ?? 0,
  };
}

export function comment(event, item, project) {
  const url = `${API}/repos/${project.fullName}/issues/comments/${event.id}`;
  return {
    url, html_url: `${WEB}/${project.fullName}/${item.isPull ? 'pull' : 'issues'}/${item.number}#issuecomment-${event.id}`,
    issue_url: issueOf(item, project), id: event.id, node_id: event.node_id ?? nodeId('IssueComment', event.id), user: account(event.user ?? event.actor ?? null),
    created_at: event.created_at, updated_at: event.updated_at ?? event.created_at, body: event.body ?? '', author_association: event.author_association ?? 'NONE',
    reactions: reactions(event.reactions, url), performed_via_github_app: null,
  };
}

export function review(event, item, project) {
  const url = `${API}/repos/${project.fullName}/pulls/${item.number}`;
  const web = `${WEB}/${project.fullName}/pull/${item.number}#pullrequestreview-${event.id}`;
  return {
    id: event.id, node_id: event.node_id ?? nodeId('PullRequestReview', event.id), user: account(event.user ?? null), body: event.body ?? '',
    state: (event.state ?? 'COMMENTED').toUpperCase(), html_url: web, pull_request_url: url, author_association: event.author_association ?? 'NONE',
    _links: { html: { href: web }, pull_request: { href: url } }, submitted_at: event.submitted_at, commit_id: event.commit_id ?? null,
  };
}

export function inlineComment(given, item, project) {
  const url = `${API}/repos/${project.fullName}/pulls/comments/${given.id}`;
  const pullUrl = `${API}/repos/${project.fullName}/pulls/${item.number}`;
  const web = `${WEB}/${project.fullName}/pull/${item.number}#discussion_r${given.id}`;
  const object = {
    diff_hunk: '', position: null, original_position: 1, start_line: null, original_start_line: null, start_side: null, line: null, original_line: null, side: 'RIGHT',
    subject_type: 'line', node_id: nodeId('PullRequestReviewComment', given.id), author_association: 'NONE', ...withAccounts(given),
    user: account(given.user ?? null), url, html_url: web, pull_request_url: pullUrl, reactions: reactions(given.reactions, url),
    _links: { self: { href: url }, html: { href: web }, pull_request: { href: pullUrl } },
  };
  if (object.in_reply_to_id === null) delete object.in_reply_to_id;
  return object;
}

const linksOfIssue = (url) => ({ labels_url: `${url}/labels{/name}`, comments_url: `${url}/comments`, events_url: `${url}/events` });

// An entry of /issues/N/timeline.
export function timelineEntry(event, item, project) {
  const full = withAccounts(event);
  if (event.event === 'commented') return { ...full, ...comment(event, item, project), event: 'commented', actor: account(event.actor ?? event.user ?? null) };
  if (event.event === 'reviewed') return { ...full, ...review(event, item, project), state: (event.state ?? 'commented').toLowerCase(), event: 'reviewed' };
  if (event.event === 'cross-referenced' && event.source?.issue) {
    const source = event.source.issue;
    const name = (source.repository_url ?? '').split('/repos/')[1] ?? project.fullName;
    full.source = { type: 'issue', issue: { ...linksOfIssue(source.url), closed_at: null, assignee: null, milestone: null, ...withAccounts(source), repository: elsewhere(name, project) } };
  }
  if (event.id) full.url = `${API}/repos/${project.fullName}/issues/events/${event.id}`;
  return full;
}

// An entry of /issues/N/events and /issues/events: only what has an id of its own, and is no comment or review.
export const isIssueEvent = (event) => Boolean(event.id) && event.event !== 'commented' && event.event !== 'reviewed';
export function issueEvent(event, item, project, withIssue) {
  const object = { commit_id: null, commit_url: null, performed_via_github_app: null, node_id: nodeId('Event', event.id), ...timelineEntry(event, item, project) };
  if (withIssue) object.issue = issue(item, project);
  return object;
}

export function pullCommit(event, item, project) {
  const { author, committer, message, tree, verification, parents, sha } = event;
  const url = `${API}/repos/${project.fullName}/commits/${sha}`;
  return {
    sha, node_id: event.node_id ?? nodeId('Commit', sha),
    commit: { author, committer, message, tree: tree ?? { sha: '0'.repeat(40), url: `${API}/tree` }, url: `${API}/repos/${project.fullName}/git/commits/${sha}`, comment_count: 0,
      verification: { verified: false, reason: 'unsigned', signature: null, payload: null, verified_at: null, ...verification } },
    url, html_url: `${WEB}/${project.fullName}/commit/${sha}`, comments_url: `${url}/comments`, author: null, committer: null, parents: parents ?? [],
  };
}

export function repository(project) {
  return project.once('repository', () => {
    const url = `${API}/repos/${project.fullName}`;
    const web = `${WEB}/${project.fullName}`;
    const links = {};
    for (const [key, tail] of Object.entries({
      archive: '{archive_format}{/ref}', assignees: 'assignees{/user}', blobs: 'git/blobs{/sha}', branches: 'branches{/branch}', collaborators: 'collaborators{/collaborator}',
      comments: 'comments{/number}', commits: 'commits{/sha}', compare: 'compare/{base}...{head}', contents: 'contents/{+path}', contributors: 'contributors',
      deployments: 'deployments', downloads: 'downloads', events: 'events', forks: 'forks', git_commits: 'git/commits{/sha}', git_refs: 'git/refs{/sha}', git_tags: 'git/tags{/sha}',
      hooks: 'hooks', issue_comment: 'issues/comments{/number}', issue_events: 'issues/events{/number}', issues: 'issues{/number}', keys: 'keys{/key_id}', labels: 'labels{/name}',
      languages: 'languages', merges: 'merges', milestones: 'milestones{/number}', notifications: 'notifications{?since,all,participating}', pulls: 'pulls{/number}',
      releases: 'releases{/id}', stargazers: 'stargazers', statuses: 'statuses/{sha}', subscribers: 'subscribers', subscription: 'subscription', tags: 'tags', teams: 'teams',
      trees: 'git/trees{/sha}',
    })) links[`${key}_url`] = `${url}/${tail}`;
    const { owner, repo, ...given } = project.repository;
    const open = [...project.items.values()].filter((item) => item.rest.state === 'open').length;
    return {
      fork: false, description: null, homepage: null, language: null, forks_count: 0, stargazers_count: 0, watchers_count: 0, size: 0, is_template: false, topics: [],
      has_projects: true, has_wiki: true, has_pages: false, archived: false, disabled: false, visibility: 'public', license: null, web_commit_signoff_required: false,
      allow_forking: true, pushed_at: '2024-01-01T00:00:00Z', created_at: '2014-01-01T00:00:00Z', updated_at: '2024-01-01T00:00:00Z', mirror_url: null, ...given, ...links,
      has_issues: true, has_downloads: true, has_discussions: project.discussions.length > 0, name: project.name, full_name: project.fullName, owner: account({ ...project.ownerAccount, login: project.owner }),
      html_url: web, url, git_url: `git://github.com/${project.fullName}.git`, ssh_url: `git@github.com:${project.fullName}.git`, clone_url: `${web}.git`, svn_url: web,
      open_issues_count: open, open_issues: open, network_count: 0, subscribers_count: 0, forks: given.forks_count ?? 0, watchers: given.watchers_count ?? 0,
    };
  });
}

// As other objects hold it.
const SHORT_LACKS = ['network_count', 'subscribers_count', 'organization', 'parent', 'source', 'template_repository'];
const short = (project) => Object.fromEntries(Object.entries(repository(project)).filter(([key]) => !SHORT_LACKS.includes(key)));

// A repository of that name; of another than ours no more is known.
function elsewhere(name, project) {
  const own = short(project);
  if (name === project.fullName) return own;
  const [owner, repo] = name.split('/');
  return { ...own, id: 1, name: repo, full_name: name, owner: account({ login: owner, id: 2, type: 'User' }), html_url: `${WEB}/${name}`, url: `${API}/repos/${name}` };
}

export function workflowRun(given, project) {
  const url = `${API}/repos/${project.fullName}/actions/runs/${given.id}`;
  const full = { ...withAccounts(given), url, html_url: `${WEB}/${project.fullName}/actions/runs/${given.id}`, repository: short(project), head_repository: short(project) };
  for (const [key, tail] of Object.entries({ jobs: 'jobs', logs: 'logs', artifacts: 'artifacts', cancel: 'cancel', rerun: 'rerun' })) full[`${key}_url`] = `${url}/${tail}`;
  full.head_commit = given.head_commit ?? { id: given.head_sha, tree_id: given.head_sha, message: 'A change', timestamp: given.created_at, author: { name: 'a', email: 'a@example.org' }, committer: { name: 'a', email: 'a@example.org' } };
  full.check_suite_url = `${API}/repos/${project.fullName}/check-suites/${given.check_suite_id}`;
  full.workflow_url = `${API}/repos/${project.fullName}/actions/workflows/${given.workflow_id}`;
  return full;
}

export function release(given, project) {
  const url = `${API}/repos/${project.fullName}/releases/${given.id}`;
  return {
    url, assets_url: `${url}/assets`, upload_url: `https://uploads.github.com/repos/${project.fullName}/releases/${given.id}/assets{?name,label}`,
    html_url: `${WEB}/${project.fullName}/releases/tag/${given.tag_name}`, node_id: nodeId('Release', given.id), target_commitish: 'main', name: null, draft: false,
    prerelease: false, tarball_url: `${API}/repos/${project.fullName}/tarball/${given.tag_name}`, zipball_url: `${API}/repos/${project.fullName}/zipball/${given.tag_name}`,
    body: null, assets: [], ...given, author: account(given.author ?? { login: 'ghost', id: 10137, type: 'User' }),
  };
}
