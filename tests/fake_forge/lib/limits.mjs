// Budgets as GitHub keeps them: one an hour for REST (core), points of GraphQL, and search; by token, or one for all
// without. Tests shorten the window and lower the limits.
const DEFAULTS = { core: 5000, graphql: 5000, search: 30, anonymous_core: 60, anonymous_search: 10, window: 3600 };

export class Limits {
  constructor() {
    this.configure({});
  }
  configure(settings) {
    this.settings = { ...DEFAULTS, ...settings };
    this.windows = new Map();
  }
  budget(resource, authorised) {
    if (!authorised && resource === 'graphql') return { resource, limit: 0, used: 0, remaining: 0, reset: this.now() + this.settings.window };
    const key = `${resource}/${authorised}`;
    const now = this.now();
    let window = this.windows.get(key);
    if (!window || window.reset <= now) {
      window = { used: 0, reset: now + (resource === 'search' ? Math.min(60, this.settings.window) : this.settings.window) };
      this.windows.set(key, window);
    }
    const limit = this.settings[authorised ? resource : `anonymous_${resource}`];
    return { resource, limit, used: Math.min(window.used, limit), remaining: Math.max(0, limit - window.used), reset: window.reset, window };
  }
  spend(budget, points) {
    if (budget.window) budget.window.used += points;
    budget.used = Math.min(budget.limit, budget.used + points);
    budget.remaining = Math.max(0, budget.remaining - points);
  }
  now() {
    return Math.floor(Date.now() / 1000);
  }
}

export function limitHeaders(budget) {
  return {
    'X-RateLimit-Limit': String(budget.limit),
    'X-RateLimit-Remaining': String(budget.remaining),
    'X-RateLimit-Used': String(budget.used),
    'X-RateLimit-Reset': String(budget.reset),
    'X-RateLimit-Resource': budget.resource,
  };
}
