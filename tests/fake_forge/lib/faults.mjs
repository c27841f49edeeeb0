// What can go wrong, by name. A fault replaces the answer (`instead`), changes it (`after`), or says how it is sent
// (`sending`: see send.mjs). A schedule says when: rules, or a seed.
//
//   {"rules": [{"kind": "s502", "every": 5, "times": 10, "match": "graphql"}, {"kind": "truncated", "at": [1, 7]}]}
//   {"seed": 7, "rate": 0.3, "kinds": [...], "most": 20, "in_a_row": 2}
const now = () => Math.floor(Date.now() / 1000);
const json = (status, object, headers = {}) => ({ status, headers, text: JSON.stringify(object) });
const LIMIT = 'API rate limit exceeded for user ID 4242. If you reach out to GitHub Support for help, please include the request ID.';
const SECONDARY = 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.';
const DOCS = 'https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api';
const html = (status, title) => ({ status, headers: { 'Content-Type': 'text/html' }, text: `<html>\n<head><title>${status} ${title}</title></head>\n<body><h1>${title}</h1></body></html>\n` });
const exhausted = (reset) => ({ 'X-RateLimit-Limit': '5000', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Used': '5000', 'X-RateLimit-Reset': String(reset) });

// A change to the parsed answer, where it is JSON.
const patched = (change) => (answer, context) => {
  if (answer.status !== 200 || !answer.text) return answer;
  let object;
  try {
    object = JSON.parse(answer.text);
  } catch {
    return answer;
  }
  return { ...answer, text: JSON.stringify(change(object, context) ?? object) };
};
const rows = (object) => (Array.isArray(object) ? object : Object.values(object ?? {}).find(Array.isArray));
// Every {nodes: [...]} of a GraphQL answer.
function* connections(object) {
  if (!object || typeof object !== 'object') return;
  if (Array.isArray(object.nodes)) yield object;
  for (const value of Object.values(object)) yield* connections(value);
}
function blankPeople(object) {
  if (!object || typeof object !== 'object') return;
  for (const [key, value] of Object.entries(object)) {
    if (['user', 'actor', 'author', 'creator'].includes(key) && value && typeof value === 'object' && (value.login || value.__typename)) object[key] = null;
    else blankPeople(value);
  }
}

export const KINDS = {
  // Limits.
  limit_403: { instead: () => json(403, { message: LIMIT, documentation_url: DOCS }, exhausted(now() + 1)) },
  limit_429: { instead: () => json(429, { message: LIMIT, documentation_url: DOCS }, exhausted(now() + 1)) },
  retry_after_403: { instead: () => json(403, { message: SECONDARY, documentation_url: DOCS }, { 'Retry-After': '1' }) },
  retry_after_429: { instead: () => json(429, { message: SECONDARY, documentation_url: DOCS }, { 'Retry-After': '1' }) },
  retry_after_date: { instead: () => json(429, { message: SECONDARY, documentation_url: DOCS }, { 'Retry-After': new Date(Date.now() + 1000).toUTCString() }) },
  retry_after_zero: { instead: () => json(403, { message: SECONDARY, documentation_url: DOCS }, { 'Retry-After': '0' }) },
  retry_after_past: { instead: () => json(429, { message: SECONDARY, documentation_url: DOCS }, { 'Retry-After': 'Wed, 21 Oct 2015 07:28:00 GMT' }) },
  retry_after_nonsense: { instead: () => json(429, { message: SECONDARY, documentation_url: DOCS }, { 'Retry-After': '-5, soon' }) },
  secondary_403: { instead: () => json(403, { message: SECONDARY, documentation_url: DOCS }) },
  secondary_429: { instead: () => json(429, { message: SECONDARY, documentation_url: DOCS }) },
  reset_past: { instead: () => json(403, { message: LIMIT, documentation_url: DOCS }, exhausted(now() - 3600)) },
  limit_zero: { after: (answer) => ({ ...answer, headers: { ...answer.headers, 'X-RateLimit-Limit': '0', 'X-RateLimit-Remaining': '0', 'X-RateLimit-Used': '0', 'X-RateLimit-Reset': '0' } }) },
  limit_absent: { after: (answer) => ({ ...answer, headers: Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !name.startsWith('X-RateLimit'))) }) },
  limit_nonsense: { after: (answer) => ({ ...answer, headers: { ...answer.headers, 'X-RateLimit-Limit': 'lots', 'X-RateLimit-Remaining': '-1', 'X-RateLimit-Reset': '99999999999999999999' } }) },
  exhausted_soon: { after: (answer) => ({ ...answer, headers: { ...answer.headers, ...exhausted(now() + 1) } }) },
  exhausted_past: { after: (answer) => ({ ...answer, headers: { ...answer.headers, ...exhausted(now() - 10) } }) },
  // Servers that fail.
  s500: { instead: () => json(500, { message: 'Server Error' }) },
  s502: { instead: () => html(502, 'Bad Gateway') },
  s502_json: { instead: () => json(502, { message: 'Server Error' }) },
  s503: { instead: () => html(503, 'Service Unavailable') },
  s503_retry_after: { instead: () => ({ ...html(503, 'Service Unavailable'), headers: { 'Content-Type': 'text/html', 'Retry-After': '1' } }) },
  s504: { instead: () => json(504, { message: "We couldn't respond to your request in time. Sorry about that. Please try resubmitting your request and contact us if the problem persists." }) },
  message_200: { instead: () => json(200, { message: 'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug.' }) },
  empty_200: { instead: () => ({ status: 200, headers: {}, text: '' }) },
  html_200: { instead: () => html(200, 'Unicorn!') },
  null_200: { instead: () => ({ status: 200, headers: {}, text: 'null' }) },
  // The line.
  timeout: { sending: { never: true }, slow: true },
  slow_headers: { sending: { delay: 150 } },
  slow_drip: { sending: { drip: { pieces: 8, wait: 20 } } },
  drip_for_ever: { sending: { drip: { pieces: 1e9, wait: 200 } }, slow: true },
  reset_before: { sending: { reset: 0 } },
  reset_headers: { sending: { reset: 0, headers: true } },
  reset_mid: { sending: { reset: 0.5, headers: true } },
  truncated: { sending: { cut: 0.6, end: true } },
  truncated_chunked: { sending: { cut: 0.6, chunked: true } },
  length_short: { sending: { length: 0.7 } },
  length_long: { sending: { length: 1.3, end: true } },
  not_http: { sending: { raw: 'SSH-2.0-OpenSSH_9.2\r\n' } },
  huge_body: { sending: { pad: 300 << 20 }, slow: true },
  // JSON.
  malformed: { after: (answer) => ({ ...answer, text: `${answer.text.slice(0, Math.floor(answer.text.length / 2))}\u0000,,}` }) },
  not_utf8: { after: (answer) => ({ ...answer, bytes: Buffer.concat([Buffer.from(answer.text.slice(0, -1)), Buffer.from([0xff, 0xfe])]) }) },
  byte_order_mark: { after: (answer) => ({ ...answer, text: `\ufeff${answer.text}` }) },
  // GraphQL; REST answers are let be.
  graphql_error: { graphql: true, instead: () => json(200, { data: null, errors: [{ message: 'Something went wrong while executing your query. This may be the result of a timeout, or it could be a GitHub bug. Please include `1:2:3` when reporting this issue.' }] }) },
  graphql_rate_limited: { graphql: true, instead: () => json(200, { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded for user ID 4242.' }] }, exhausted(now() + 1)) },
  graphql_partial: {
    graphql: true,
    after: patched((object) => {
      const errors = [];
      for (const found of connections(object.data)) {
        if (!found.nodes.length || errors.length) continue;
        found.nodes[found.nodes.length >> 1] = null;
        errors.push({ message: 'Something went wrong while executing your query.', type: 'SERVICE_UNAVAILABLE', path: ['repository'] });
      }
      return { ...object, errors };
    }),
  },
  graphql_half: { graphql: true, after: patched((object) => ({ data: Object.fromEntries(Object.keys(object.data ?? {}).map((key) => [key, null])), errors: [{ message: 'timeout', type: 'SERVICE_UNAVAILABLE' }] })) },
  // Pages.
  duplicate_page: { after: patched((object) => { const list = rows(object); if (list && !object.data) list.push(...list.slice(0, 5)); for (const found of connections(object.data)) found.nodes.push(...found.nodes.slice(0, 3)); }) },
  // What no backup has: these change the data, and are compared loosely.
  null_users: { data: true, after: patched((object) => blankPeople(object)) },
  unknown_events: {
    data: true,
    after: patched((object, context) => {
      if (Array.isArray(object) && /\/(timeline|events)\b/.test(context.path)) object.push({ id: 8_999_999_999, event: 'teleported', actor: null, created_at: '2023-01-01T00:00:00Z', commit_id: null });
      for (const found of connections(object.data)) if (found.nodes[0]?.__typename?.endsWith('Event')) found.nodes.push({ __typename: 'TeleportedEvent', id: 'TE_1', createdAt: '2023-01-01T00:00:00Z' });
    }),
  },
  // Ways elsewhere.
  redirect_same: { instead: (context) => ({ status: 307, headers: { Location: `${context.base}/_fake/moved${context.url}` }, text: '' }) },
  redirect_other: { instead: (context) => ({ status: 302, headers: { Location: `${context.other}${context.url}` }, text: '' }) },
  redirect_loop: { instead: (context) => ({ status: 302, headers: { Location: `${context.base}${context.url}` }, text: '' }) },
  redirect_file: { instead: () => ({ status: 302, headers: { Location: 'file:///etc/passwd' }, text: '' }) },
  redirect_nowhere: { instead: () => ({ status: 302, headers: {}, text: '' }) },
  redirect_tls: { instead: (context) => ({ status: 302, headers: { Location: `${context.tls}${context.url}` }, text: '' }) },
};

// A small generator of random numbers: the same seed, the same schedule.
export function random(seed) {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = state;
    value = Math.imul(value ^ (value >>> 15), value | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Those that a client gets past by itself, with nothing changed in what it learns.
export const HARMLESS = Object.entries(KINDS).filter(([name, kind]) => !kind.data && !kind.slow && !['redirect_file', 'redirect_nowhere', 'redirect_loop', 'redirect_tls', 'redirect_other'].includes(name)).map(([name]) => name);

export class Schedule {
  constructor(given = {}) {
    this.given = given;
    this.rules = (given.rules ?? []).map((rule) => ({ ...rule, seen: 0, done: 0, pattern: rule.match ? new RegExp(rule.match) : null }));
    for (const rule of this.rules) if (!KINDS[rule.kind]) throw new Error(`no such fault: ${rule.kind}`);
    this.random = given.seed === undefined ? null : random(given.seed);
    this.kinds = given.kinds ?? HARMLESS;
    this.served = 0;
    this.row = 0;
    this.count = 0;
  }
  // Name of the fault of this request, or null.
  next(context) {
    this.count += 1;
    const name = this.pick(context);
    if (!name || (KINDS[name].graphql && !context.isGraphql)) {
      this.row = 0;
      return null;
    }
    this.row += 1;
    this.served += 1;
    return name;
  }
  pick(context) {
    for (const rule of this.rules) {
      if (rule.pattern && !rule.pattern.test(`${context.method} ${context.path}`)) continue;
      if (rule.done >= (rule.times ?? Infinity)) continue;
      rule.seen += 1;
      const hit = rule.at ? rule.at.includes(rule.seen) : rule.every ? rule.seen % rule.every === 0 : true;
      if (!hit) continue;
      rule.done += 1;
      return rule.kind;
    }
    if (!this.random) return null;
    const draw = this.random();
    const kind = this.kinds[Math.floor(this.random() * this.kinds.length)];
    if (draw >= (this.given.rate ?? 0.2) || this.served >= (this.given.most ?? 20) || this.row >= (this.given.in_a_row ?? 2)) return null;
    return kind;
  }
}
