// REST as docs.github.com/rest describes it. A route takes {project, parts, query, request} and returns
// {status, text | object, links?, headers?}; the server adds ETags, budgets and faults.
import * as shapes from './shapes.mjs';

const answer = (object, status = 200) => ({ status, object });
const DOCS = 'https://docs.github.com/rest';
export const notFound = () => answer({ message: 'Not Found', documentation_url: DOCS, status: '404' }, 404);
const invalid = (field) => answer({ message: 'Validation Failed', errors: [{ resource: 'Search', field, code: 'invalid' }], documentation_url: DOCS, status: '422' }, 422);

// A page of a list of JSON texts made only for what the page shows.
function page(list, query, each, wrap) {
  const size = Math.min(100, Math.max(1, parseInt(query.get('per_page') ?? '30', 10) || 30));
  const number = Math.max(1, parseInt(query.get('page') ?? '1', 10) || 1);
  const last = Math.max(1, Math.ceil(list.length / size));
  const texts = list.slice((number - 1) * size, number * size).map(each);
  const links = [];
  if (number > 1) links.push(['prev', Math.min(number - 1, last)]);
  if (number < last) links.push(['next', number + 1], ['last', last]);
  if (number > 1) links.push(['first', 1]);
  const body = `[${texts.join(',')}]`;
  return { status: 200, text: wrap ? wrap(list.length, body) : body, links, listed: { texts, wrap } };
}

const time = (text) => (text ? Date.parse(text) / 1000 : 0);

// sort and direction of a list; `ties` are broken by id so that pages do not overlap.
function sorted(list, key, descending) {
  const sign = descending ? -1 : 1;
  return [...list].sort((a, b) => sign * (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.number - b.number || 0));
}

const itemKeys = {
  created: (item) => item.rest.created_at,
  updated: (item) => item.rest.updated_at,
  comments: (item) => item.comments.length,
  popularity: (item) => item.comments.length,
  'long-running': (item) => item.rest.created_at,
};

function listItems(context, items, defaultState) {
  const { project, query } = context;
  const state = query.get('state') ?? defaultState;
  const sort = query.get('sort') ?? 'created';
  if (!['open', 'closed', 'all'].includes(state) || !itemKeys[sort]) return null;
  const pulls = items === 'pulls';
  const direction = query.get('direction') ?? (pulls && query.has('sort') && sort !== 'created' ? 'asc' : 'desc');
  const since = time(query.get('since'));
  const labels = (query.get('labels') ?? '').split(',').filter(Boolean);
  const base = query.get('base');
  const head = query.get('head');
  const all = project.once(`${items}/${sort}/${direction}`, () => sorted(pulls ? project.pulls() : [...project.items.values()], itemKeys[sort], direction === 'desc'));
  return all.filter(({ rest }) => (state === 'all' || rest.state === state) && (!since || pulls || time(rest.updated_at) >= since)
    && labels.every((wanted) => (rest.labels ?? []).some((one) => one.name === wanted))
    && (!base || rest.base?.ref === base) && (!head || `${rest.head?.user?.login ?? project.owner}:${rest.head?.ref}` === head));
}

function issues(context) {
  const list = listItems(context, 'issues', 'open');
  return list ? page(list, context.query, (item) => context.project.text(item, 'issue', () => shapes.issue(item, context.project))) : invalid('state');
}
function pulls(context) {
  const list = listItems(context, 'pulls', 'open');
  return list ? page(list, context.query, (item) => context.project.text(item, 'pull', () => shapes.pull(item, context.project, false))) : invalid('state');
}

function withItem(context, wanted, use) {
  const { project, parts } = context;
  const number = parseInt(parts[1], 10);
  const gone = project.gone.get(number);
  if (gone?.reason === 'transferred' && gone.target)
    return { status: 301, object: { message: 'Moved Permanently', url: gone.target, documentation_url: DOCS }, headers: { Location: gone.target } };
  if (gone?.reason === 'deleted' || gone?.reason === 'converted') {
    const object = { message: 'This issue was deleted', documentation_url: DOCS, status: '410' };
    return wanted === 'pull' || gone.hidden ? notFound() : answer(object, 410);
  }
  const item = project.items.get(number);
  if (!item || (wanted === 'pull' && !item.isPull)) return notFound();
  const given = use(item);
  return given.object && !given.headers ? { ...given, headers: { 'Last-Modified': new Date(item.rest.updated_at).toUTCString() } } : given;
}

const entry = (project, item) => (event) => project.text(event, 'timeline', () => shapes.timelineEntry(event, item, project));

// /issues/…
function issueRoutes(context) {
  const { project, parts, query } = context;
  if (parts.length === 1) return issues(context);
  if (parts[1] === 'comments') {
    if (parts[2]) return single(project, 'comments', parts[2], ({ item, object }) => shapes.comment(object, item, project));
    return comments(context, 'comments', (object, item) => shapes.comment(object, item, project));
  }
  if (parts[1] === 'events') {
    const list = project.once('issue-events', () => project.everywhere('events').filter(({ object }) => shapes.isIssueEvent(object)).reverse());
    if (parts[2]) return single(project, 'events', parts[2], ({ item, object }) => shapes.issueEvent(object, item, project, true));
    return page(list, query, ({ item, object }) => project.text(object, 'event-issue', () => shapes.issueEvent(object, item, project, true)));
  }
  return withItem(context, 'issue', (item) => {
    switch (parts[2]) {
      case undefined: return answer({ ...shapes.issue(item, project), closed_by: shapes.account(item.rest.closed_by ?? null) });
      case 'timeline': return page(item.events, query, entry(project, item));
      case 'events': return page(item.events.filter(shapes.isIssueEvent), query, (event) => project.text(event, 'event', () => shapes.issueEvent(event, item, project, false)));
      case 'labels': return page(item.rest.labels ?? [], query, (one) => JSON.stringify(shapes.label(one, project)));
      case 'comments': {
        const since = time(query.get('since'));
        const list = item.comments.filter((comment) => time(comment.updated_at ?? comment.created_at) >= since);
        return page(list, query, (comment) => project.text(comment, 'comment', () => shapes.comment(comment, item, project)));
      }
      case 'reactions': return page([], query);
      default: return notFound();
    }
  });
}

function single(project, kind, id, make) {
  const found = project.everywhere(kind).find(({ object }) => String(object.id) === id);
  return found ? answer(make(found)) : notFound();
}

function comments(context, kind, make) {
  const { project, query } = context;
  const sort = query.get('sort');
  const since = time(query.get('since'));
  const key = { created: 'created_at', created_at: 'created_at', updated: 'updated_at' }[sort];
  const descending = key && query.get('direction') === 'desc';
  const updated = ({ object }) => object.updated_at ?? object.created_at;
  const list = project.once(`${kind}/${key}/${descending}`, () => {
    const all = project.everywhere(kind);
    if (!key) return all;
    const value = (one) => (key === 'created_at' ? one.object.created_at : updated(one));
    const sign = descending ? -1 : 1;
    return [...all].sort((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : a.object.id - b.object.id));
  });
  return page(since ? list.filter((one) => time(updated(one)) >= since) : list, query, ({ item, object }) => project.text(object, kind, () => make(object, item)));
}

// /pulls/…
function pullRoutes(context) {
  const { project, parts, query } = context;
  if (parts.length === 1) return pulls(context);
  if (parts[1] === 'comments') {
    if (parts[2]) return single(project, 'inline', parts[2], ({ item, object }) => shapes.inlineComment(object, item, project));
    return comments(context, 'inline', (object, item) => shapes.inlineComment(object, item, project));
  }
  return withItem(context, 'pull', (item) => {
    switch (parts[2]) {
      case undefined: return answer(shapes.pull(item, project, true));
      case 'comments': return page(item.inline, query, (one) => project.text(one, 'inline', () => shapes.inlineComment(one, item, project)));
      case 'reviews': return page(item.reviews, query, (one) => project.text(one, 'review', () => shapes.review(one, item, project)));
      case 'commits': return page(item.commits.slice(0, 250), query, (one) => project.text(one, 'commit', () => shapes.pullCommit(one, item, project)));
      case 'files': return page(project.files[item.number] ?? [], query, (one) => JSON.stringify(one));
      case 'requested_reviewers': return answer({ users: (item.rest.requested_reviewers ?? []).map(shapes.account), teams: item.rest.requested_teams ?? [] });
      case 'merge': return { status: item.rest.merged_at ? 204 : 404, text: '' };
      default: return notFound();
    }
  });
}

// created=2024-01-01..2024-02-01, >=2024-01-01, …
export function inRange(text, range) {
  if (!range) return true;
  const value = Date.parse(text);
  const until = (bound) => Date.parse(bound) + (bound.length === 10 ? 86_399_000 : 0);
  const between = range.match(/^(.*)\.\.(.*)$/);
  if (between) return (between[1] === '*' || value >= Date.parse(between[1])) && (between[2] === '*' || value <= until(between[2]));
  const [, sign, bound] = range.match(/^(>=|<=|>|<)?(.*)$/);
  if (sign === '>=') return value >= Date.parse(bound);
  if (sign === '>') return value > Date.parse(bound);
  if (sign === '<=') return value <= until(bound);
  if (sign === '<') return value < Date.parse(bound);
  return value >= Date.parse(bound) && value <= until(bound);
}

// A search of runs shows 1,000 of them, however many there are.
const RUNS_OF_A_SEARCH = 1000;
function actions(context) {
  const { project, parts, query } = context;
  // The archive itself lies elsewhere: GitHub leads there for a minute, and asks for a token first.
  if (parts[1] === 'artifacts' && parts[3] === 'zip') {
    const found = Object.values(project.artifacts).flat().find((one) => String(one.id) === parts[2]);
    if (!found) return notFound();
    if (!context.authorised) return answer({ message: 'Requires authentication', documentation_url: DOCS, status: '401' }, 401);
    if (found.expired) return answer({ message: 'Artifact has expired', documentation_url: DOCS, status: '410' }, 410);
    return { status: 302, text: '', headers: { Location: `https://api.github.com/repos/${project.fullName}/actions/artifacts/${found.id}/blob` } };
  }
  if (parts[1] === 'artifacts' && parts[3] === 'blob') {
    const found = Object.values(project.artifacts).flat().find((one) => String(one.id) === parts[2]);
    return found?.zip ? { status: 200, bytes: Buffer.from(found.zip, 'base64'), type: 'application/zip' } : notFound();
  }
  if (parts[1] !== 'runs') return notFound();
  if (parts[2] === undefined) {
    const filters = ['status', 'event', 'branch', 'head_sha', 'actor', 'created'];
    const searched = filters.some((name) => query.has(name));
    const list = project.runs.filter((run) => inRange(run.created_at, query.get('created'))
      && (!query.get('status') || [run.status, run.conclusion].includes(query.get('status')))
      && (!query.get('event') || run.event === query.get('event')) && (!query.get('branch') || run.head_branch === query.get('branch'))
      && (!query.get('head_sha') || run.head_sha === query.get('head_sha')) && (!query.get('actor') || run.actor?.login === query.get('actor')))
      .sort((a, b) => b.id - a.id);
    const shown = searched ? list.slice(0, RUNS_OF_A_SEARCH) : list;
    return page(shown, query, (run) => JSON.stringify(shapes.workflowRun(run, project)), (_, body) => `{"total_count":${list.length},"workflow_runs":${body}}`);
  }
  const run = project.runs.find((one) => String(one.id) === parts[2]);
  if (!run) return notFound();
  if (parts[3] === undefined) return answer(shapes.workflowRun(run, project));
  if (parts[3] === 'artifacts')
    return page(project.artifacts[run.id] ?? [], query, ({ zip, ...artifact }) => JSON.stringify(artifact), (count, body) => `{"total_count":${count},"artifacts":${body}}`);
  if (parts[3] === 'jobs') {
    const all = project.jobs[run.id] ?? [];
    const list = query.get('filter') === 'all' ? all : all.filter((job) => job.run_attempt === run.run_attempt);
    return page(list, query, (job) => JSON.stringify(job), (count, body) => `{"total_count":${count},"jobs":${body}}`);
  }
  return notFound();
}

function commits(context) {
  const { project, parts, query } = context;
  const [, sha, what] = parts;
  if (!what) return notFound();
  const statuses = project.statuses[sha] ?? [];
  if (what === 'check-runs')
    return page(project.checkRuns[sha] ?? [], query, (run) => JSON.stringify(run), (count, body) => `{"total_count":${count},"check_runs":${body}}`);
  if (what === 'statuses') return page(statuses, query, (status) => JSON.stringify(shapes.withAccounts(status)));
  if (what !== 'status') return notFound();
  const latest = [...new Map([...statuses].reverse().map((status) => [status.context, status])).values()];
  return answer({
    state: rollup(latest.map((status) => status.state)), statuses: latest.map(({ creator, ...status }) => status), sha, total_count: latest.length,
    repository: shapes.repository(project), commit_url: `https://api.github.com/repos/${project.fullName}/commits/${sha}`,
    url: `https://api.github.com/repos/${project.fullName}/commits/${sha}/status`,
  });
}
export function rollup(states) {
  if (states.some((state) => state === 'failure' || state === 'error')) return 'failure';
  return states.length === 0 || states.includes('pending') ? 'pending' : 'success';
}

function contents(context) {
  const { project, parts, request } = context;
  const file = parts.slice(1).map(decodeURIComponent).join('/');
  const text = project.contents[file];
  if (text === undefined) return notFound();
  if ((request.headers.accept ?? '').includes('raw')) return { status: 200, text, type: 'text/plain; charset=utf-8' };
  const url = `https://api.github.com/repos/${project.fullName}/contents/${file}?ref=main`;
  const bytes = Buffer.from(text);
  return answer({
    type: 'file', encoding: 'base64', size: bytes.length, name: file.split('/').pop(), path: file, content: `${bytes.toString('base64').replace(/(.{60})/g, '$1\n')}\n`,
    sha: 'f'.repeat(40), url, git_url: url, html_url: `https://github.com/${project.fullName}/blob/main/${file}`, download_url: url, _links: { git: url, self: url, html: url },
  });
}

export function search(project, text) {
  const words = text.match(/"[^"]*"|\S+/g) ?? [];
  const tests = words.map((word) => {
    const [, name, value] = word.match(/^([a-z]+):(.*)$/) ?? [null, 'text', word];
    switch (name) {
      case 'repo': return () => value.toLowerCase() === project.fullName.toLowerCase();
      case 'is': case 'type': case 'state':
        if (value === 'issue') return (item) => !item.isPull;
        if (value === 'pr' || value === 'pull-request') return (item) => item.isPull;
        if (value === 'merged') return (item) => Boolean(item.rest.merged_at);
        return (item) => item.rest.state === value;
      case 'updated': return (item) => inRange(item.rest.updated_at, value);
      case 'created': return (item) => inRange(item.rest.created_at, value);
      case 'author': return (item) => item.rest.user?.login === value;
      case 'label': return (item) => (item.rest.labels ?? []).some((label) => label.name === value.replaceAll('"', ''));
      case 'text': return (item) => `${item.rest.title} ${item.rest.body}`.toLowerCase().includes(value.replaceAll('"', '').toLowerCase());
      default: return () => true;
    }
  });
  return [...project.items.values()].filter((item) => tests.every((test) => test(item))).reverse();
}

// What is no repository's: {status, …} or null.
export function global(context) {
  const { project, parts, query, authorised, limits } = context;
  if (parts.length === 0) return answer({ current_user_url: 'https://api.github.com/user', rate_limit_url: 'https://api.github.com/rate_limit', repository_url: 'https://api.github.com/repos/{owner}/{repo}' });
  if (parts[0] === 'rate_limit') {
    const resources = {};
    for (const name of ['core', 'graphql', 'search']) {
      const { limit, remaining, reset, used } = limits.budget(name, authorised);
      resources[name] = { limit, remaining, reset, used };
    }
    return { ...answer({ resources, rate: resources.core }), free: true };
  }
  if (parts[0] === 'user' && parts.length === 1) {
    if (!authorised) return answer({ message: 'Requires authentication', documentation_url: DOCS, status: '401' }, 401);
    return answer({ ...shapes.account({ login: 'resident', id: 4242, type: 'User' }), name: 'A resident', company: null, blog: '', location: null, email: null, hireable: null, bio: null, public_gists: 0, public_repos: 0,
      private_gists: 0, total_private_repos: 0, owned_private_repos: 0, disk_usage: 0, collaborators: 0, two_factor_authentication: true, followers: 0, following: 0, created_at: '2020-01-01T00:00:00Z', updated_at: '2020-01-01T00:00:00Z' });
  }
  if (parts[0] === 'meta') return answer({ verifiable_password_authentication: false });
  if (parts[0] === 'search' && parts[1] === 'issues') {
    const text = query.get('q') ?? '';
    if (!text) return invalid('q');
    const list = search(project, text);
    const shown = page(list.slice(0, 1000), query, (item) => JSON.stringify({ ...shapes.issue(item, project), score: 1 }), (_, body) => `{"total_count":${list.length},"incomplete_results":false,"search_type":"lexical","items":${body}}`);
    return shown;
  }
  return null;
}

const routes = {
  issues: issueRoutes, pulls: pullRoutes, actions, commits, contents,
  labels: ({ project, query }) => page(project.labels, query, (one) => JSON.stringify(shapes.label(one, project))),
  milestones: ({ project, query }) => {
    const state = query.get('state') ?? 'open';
    return page(project.milestones.filter((one) => state === 'all' || (one.state ?? 'open') === state), query, (one) => JSON.stringify(shapes.milestone(one, project)));
  },
  releases: ({ project, query }) => page(project.releases, query, (one) => JSON.stringify(shapes.release(one, project))),
};

// What stands below /repos/OWNER/NAME; parts begin after it.
export function repositoryRoute(context) {
  const { project, parts } = context;
  if (parts.length === 0) return answer(shapes.repository(project));
  return routes[parts[0]]?.(context) ?? notFound();
}
