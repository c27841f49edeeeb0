// The forge behind the listeners: who asks, what is left of the budget, which fault is due, what the answer is.
import crypto from 'node:crypto';
import { Limits, limitHeaders } from './limits.mjs';
import { Schedule, KINDS } from './faults.mjs';
import { runGraphql } from './graphql.mjs';
import * as rest from './rest.mjs';
import { repository, nodeId } from './shapes.mjs';
import { mutate } from './mutations.mjs';
import { Hooks } from './hooks.mjs';

const DOCS = 'https://docs.github.com/rest';
const LARGEST_LOG = 5000;

const emptyStatistics = () => ({ requests: 0, rest: 0, graphql: 0, points: 0, not_modified: 0, with_token: 0, refused: 0, faults: {}, by_route: {}, by_status: {}, bytes: 0, other_host: [], most_nodes: 0 });

export class Forge {
  constructor(project) {
    this.project = project;
    this.other = '';
    this.tls = '';
    this.hooks = new Hooks(project);
    this.reset();
  }

  reset() {
    this.project.reset();
    this.limits = new Limits();
    this.schedule = new Schedule();
    this.statistics = emptyStatistics();
    this.log = [];
    this.plans = []; // [{after: number of requests, mutate: [...]}]
    this.pageCap = null; // 502 for larger pages
    this.broken = {}; // {items: [numbers], entries: [numbers], rest: true, listed: [{list, number | id | all}]}: 502 for whatever shows one of them
    this.scopes = 'public_repo, read:org';
    this.badTokens = new Set(['bad']);
    this.privateRepository = false;
    this.hooks.configure({});
  }

  control(order) {
    const answers = {};
    if (order.reset) this.reset();
    if (order.limits) this.limits.configure(order.limits);
    if (order.faults) this.schedule = new Schedule(Array.isArray(order.faults) ? { rules: order.faults } : order.faults);
    if (order.page_cap !== undefined) this.pageCap = order.page_cap;
    if (order.broken !== undefined) this.broken = order.broken ?? {};
    if (order.scopes !== undefined) this.scopes = order.scopes;
    if (order.bad_tokens) this.badTokens = new Set(order.bad_tokens);
    if (order.private !== undefined) this.privateRepository = order.private;
    if (order.plans) this.plans = order.plans.map((plan) => ({ ...plan, begin: this.statistics.requests }));
    if (order.deliver_to !== undefined) this.hooks.configure(order);
    if (order.mutate) answers.mutated = this.mutate(order.mutate);
    if (order.clear_statistics) {
      this.statistics = emptyStatistics();
      this.log = [];
    }
    return answers;
  }

  mutate(list) {
    return list.map((order) => {
      const event = mutate(this.project, order);
      this.hooks.deliver(event);
      return event.shown;
    });
  }

  // {answer, sending} of a request.
  answer(request, body, listener) {
    const context = this.context(request, body, listener);
    const { statistics } = this;
    statistics.requests += 1;
    statistics[context.isGraphql ? 'graphql' : 'rest'] += 1;
    if (context.token) statistics.with_token += 1;
    if (listener.isOther) statistics.other_host.push({ url: request.url, authorization: Boolean(request.headers.authorization), headers: Object.keys(request.headers) });
    for (const plan of this.plans)
      if (!plan.done && statistics.requests - plan.begin >= plan.after) {
        plan.done = true;
        this.mutate(plan.mutate);
      }
    const name = context.url.includes('/_fake/moved') || listener.isOther ? null : this.schedule.next(context);
    const fault = KINDS[name] ?? {};
    if (name) statistics.faults[name] = (statistics.faults[name] ?? 0) + 1;
    let answer = fault.instead ? fault.instead(context) : this.honest(context);
    answer.headers = { ...this.standardHeaders(context), ...answer.headers };
    if (!answer.headers['Content-Type']) answer.headers['Content-Type'] = 'application/json; charset=utf-8';
    if (fault.after && answer.status === 200) answer = fault.after(answer, context);
    this.note(context, answer, name);
    return { answer, sending: answer.sending ?? fault.sending };
  }

  context(request, body, listener) {
    const url = new URL(request.url, 'http://fake');
    let path = url.pathname.replace(/^\/_fake\/moved/, '');
    const prefix = path.startsWith('/api/v3') ? '/api/v3' : '';
    path = path === '/api/graphql' ? '/graphql' : path.slice(prefix.length);
    const given = request.headers.authorization ?? '';
    const token = given.replace(/^(bearer|token) /i, '');
    const origin = `${listener.scheme}://${request.headers.host ?? listener.address}`;
    return {
      request, body, method: request.method, path, url: request.url, query: url.searchParams, isGraphql: path === '/graphql', token, authorised: Boolean(token), project: this.project,
      limits: this.limits, base: origin + (prefix || (url.pathname === '/api/graphql' ? '/api/v3' : '')), other: this.other, tls: this.tls, prefix,
    };
  }

  honest(context) {
    if (!context.request.headers['user-agent']) return { status: 403, headers: { 'Content-Type': 'text/html' }, text: 'Request forbidden by administrative rules. Please make sure your request has a User-Agent header.' };
    if (context.token && this.badTokens.has(context.token)) return this.message(401, 'Bad credentials', this.limits.budget('core', false));
    if (context.isGraphql) return this.graphql(context);
    return this.rest(context);
  }

  message(status, text, budget) {
    return { status, headers: budget ? limitHeaders(budget) : {}, text: JSON.stringify({ message: text, documentation_url: DOCS, status: String(status) }) };
  }

  refused(budget, context) {
    this.statistics.refused += 1;
    const who = context.authorised ? 'user ID 4242' : "127.0.0.1. (But here's the good news: Authenticated requests get a higher rate limit. Check out the documentation for more details.)";
    return this.message(403, `API rate limit exceeded for ${who}`, budget);
  }

  graphql(context) {
    if (context.method !== 'POST') return this.message(404, 'Not Found');
    const budget = this.limits.budget('graphql', context.authorised);
    if (!context.authorised) return this.refused(budget, context);
    let call;
    try {
      call = JSON.parse(context.body);
    } catch {
      return this.message(400, 'Problems parsing JSON', budget);
    }
    if (typeof call.query !== 'string') return { status: 200, headers: limitHeaders(budget), text: JSON.stringify({ errors: [{ message: 'A query attribute must be specified and must be a string.' }] }) };
    if (this.pageCap && largestPage(call) > this.pageCap) return { ...KINDS.s502.instead(), headers: { 'Content-Type': 'text/html' } };
    const { project } = context;
    const source = project.once('graphql-repository', () => ({ __typename: 'Repository', rest: { ...repository(project), node_id: project.repository.node_id ?? nodeId('Repository', project.repository.id) } }));
    const done = runGraphql(call, { project, repository: source, authorised: true }, (points) => {
      if (budget.remaining < points) return { refused: true };
      this.limits.spend(budget, points);
      return budget;
    });
    if (this.showsBroken(call, done.result?.data)) {
      this.statistics.broken = (this.statistics.broken ?? 0) + 1;
      return { ...KINDS.s502.instead(), headers: { 'Content-Type': 'text/html' } };
    }
    if (done.refused) {
      this.statistics.refused += 1;
      return { status: 200, headers: limitHeaders(budget), text: JSON.stringify({ errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 4242.' }] }) };
    }
    if (done.invalid) {
      this.limits.spend(budget, done.cost);
      this.statistics.invalid_queries = (this.statistics.invalid_queries ?? 0) + 1;
    }
    this.statistics.points += done.cost;
    this.statistics.most_nodes = Math.max(this.statistics.most_nodes, done.nodes ?? 0);
    return { status: 200, headers: limitHeaders(budget), text: JSON.stringify(done.result) };
  }

  // Whether an answer has one of the items that are broken whole, or goes on with its timeline.
  showsBroken(call, data) {
    const { items = [], entries = [] } = this.broken;
    if (!items.length && !entries.length) return false;
    const ids = Object.values(call.variables ?? {});
    if (entries.some((number) => ids.includes(this.project.items.get(number)?.rest.node_id))) return true;
    const shows = (object) => object && typeof object === 'object' && ((object.timelineItems && items.includes(object.number)) || Object.values(object).some(shows));
    return shows(data);
  }

  // Whether a page of a list over REST shows an entry that is broken, by its number or id, in a list of that path.
  listsBroken(context, texts) {
    for (const { list, number, id, all } of this.broken.listed ?? []) {
      if (!new RegExp(list).test(context.path)) continue;
      if (all) return true;
      if (texts.some((text) => { const entry = JSON.parse(text); return (number !== undefined && entry.number === number) || (id !== undefined && entry.id === id); })) return true;
    }
    return false;
  }

  rest(context) {
    const parts = context.path.split('/').filter(Boolean);
    const resource = parts[0] === 'search' ? 'search' : 'core';
    const budget = this.limits.budget(resource, context.authorised);
    const size = parseInt(context.query.get('per_page') ?? '1', 10); // what is no list has no pages
    const spendFree = parts[0] === 'rate_limit';
    if (budget.remaining <= 0 && !spendFree) return this.refused(budget, context);
    if (this.pageCap && size > this.pageCap) return { ...KINDS.s502.instead(), headers: { 'Content-Type': 'text/html' } };
    const at = parts.findIndex((part) => part === 'issues' || part === 'pulls');
    if (this.broken.rest && at >= 0 && [...(this.broken.items ?? []), ...(this.broken.entries ?? [])].includes(Number(parts[at + 1]))) {
      this.statistics.broken = (this.statistics.broken ?? 0) + 1;
      return { ...KINDS.s502.instead(), headers: { 'Content-Type': 'text/html' } };
    }
    const found = this.route(context, parts);
    if (found.listed && this.listsBroken(context, found.listed.texts)) {
      this.statistics.broken = (this.statistics.broken ?? 0) + 1;
      if (this.broken.garbled) found.text = `[${found.listed.texts.map((text) => (this.listsBroken(context, [text]) ? '7' : text)).join(',')}]`;
      else if (this.broken.malformed) return { status: 200, headers: {}, text: `[${found.listed.texts.join(',').slice(0, -3)}` };
      else return { ...KINDS.s502.instead(), headers: { 'Content-Type': 'text/html' } };
    }
    if (found.bytes) return { status: 200, bytes: found.bytes, headers: { 'Content-Type': found.type } };
    let text = found.text ?? (found.object === undefined ? '' : JSON.stringify(found.object));
    text = text.replace(/("(?:[a-z_]*url|href)":")https:\/\/api\.github\.com/g, `$1${context.base}`);
    const headers = { ...found.headers };
    if (headers.Location) headers.Location = headers.Location.replace('https://api.github.com', context.base);
    if (found.links?.length) headers.Link = links(context, found.links);
    if (found.type) headers['Content-Type'] = found.type;
    let status = found.status;
    if (status === 200) {
      headers.ETag = `W/"${crypto.createHash('md5').update(text).digest('hex')}"`;
      headers['Cache-Control'] = context.authorised ? 'private, max-age=60, s-maxage=60' : 'public, max-age=60, s-maxage=60';
      headers.Vary = 'Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With';
      const known = context.request.headers['if-none-match'];
      const since = context.request.headers['if-modified-since'];
      if (known ? known.split(',').map((one) => one.trim().replace(/^W\//, '')).includes(headers.ETag.slice(2)) : since && headers['Last-Modified'] && Date.parse(since) >= Date.parse(headers['Last-Modified'])) {
        status = 304;
        text = '';
        this.statistics.not_modified += 1;
      }
    }
    if (!spendFree && !(status === 304 && context.authorised)) this.limits.spend(budget, 1);
    return { status, headers: { ...headers, ...limitHeaders(budget) }, text };
  }

  route(context, parts) {
    const { project } = context;
    if (context.method !== 'GET' && context.method !== 'HEAD') return rest.notFound();
    if (parts[0] === 'repositories' && parts[1] === String(project.repository.id)) return rest.repositoryRoute({ ...context, parts: parts.slice(2) });
    if (parts[0] !== 'repos') return rest.global({ ...context, parts }) ?? rest.notFound();
    const wanted = `${decodeURIComponent(parts[1] ?? '')}/${decodeURIComponent(parts[2] ?? '')}`.toLowerCase();
    if (this.privateRepository && !context.authorised) return rest.notFound();
    if (wanted === project.fullName.toLowerCase()) return rest.repositoryRoute({ ...context, parts: parts.slice(3) });
    if (project.formerNames.includes(wanted)) {
      const tail = parts.slice(3).map((part) => `/${part}`).join('');
      const search = context.query.toString();
      const url = `https://api.github.com/repositories/${project.repository.id}${tail}${search ? `?${search}` : ''}`;
      return { status: 301, object: { message: 'Moved Permanently', url, documentation_url: DOCS }, headers: { Location: url } };
    }
    return rest.notFound();
  }

  standardHeaders(context) {
    const headers = {
      Date: new Date().toUTCString(), Server: 'github.com', 'X-GitHub-Media-Type': 'github.v3; format=json', 'X-GitHub-Request-Id': `FAKE:${this.statistics.requests}`,
      'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'origin-when-cross-origin, strict-origin-when-cross-origin',
    };
    if (context.authorised && this.scopes !== null) Object.assign(headers, { 'X-OAuth-Scopes': this.scopes, 'X-Accepted-OAuth-Scopes': 'repo' });
    return headers;
  }

  note(context, answer, fault) {
    const { statistics } = this;
    const route = `${context.method} ${context.path.replace(/\/repos\/[^/]+\/[^/]+/, '').replace(/\/[0-9a-f]{40}(?=\/|$)/g, '/SHA').replace(/\/\d+(?=\/|$)/g, '/N') || '/'}`;
    statistics.by_route[route] = (statistics.by_route[route] ?? 0) + 1;
    statistics.by_status[answer.status] = (statistics.by_status[answer.status] ?? 0) + 1;
    statistics.bytes += (answer.text ?? '').length;
    if (this.log.length < LARGEST_LOG) this.log.push({ method: context.method, url: context.url, status: answer.status, fault: fault ?? undefined, bytes: (answer.text ?? '').length });
  }
}

function links(context, pages) {
  // GitHub's links lead by the repository's number.
  const url = new URL(context.base + context.path.replace(/^\/repos\/[^/]+\/[^/]+/, `/repositories/${context.project.repository.id}`));
  for (const [name, value] of context.query) url.searchParams.append(name, value);
  return pages.map(([rel, page]) => {
    url.searchParams.set('page', String(page));
    return `<${url}>; rel="${rel}"`;
  }).join(', ');
}

// The largest first or last of a call, whether it stands in the text or in a variable.
// Of the list that a query pages through; lists inside its nodes are of a fixed size.
function largestPage({ variables }) {
  return variables?.size ?? 0;
}
