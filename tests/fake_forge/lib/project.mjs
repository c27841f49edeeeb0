// A project as github-metadata-backup wrote it (issues/N.json, pulls/N.json) plus, from an extra file, what such a
// backup lacks: labels, releases, discussions, workflow runs, checks, contents. Everything is kept as GitHub's REST
// objects; rest.mjs and graphql.mjs show it in their own ways. Changes go through `editable`, so that `reset` can
// take them back without reading the folder again.
import fs from 'node:fs';
import path from 'node:path';

const numbers = (folder) =>
  fs.existsSync(folder)
    ? fs.readdirSync(folder).filter((name) => /^\d+\.json$/.test(name)).map((name) => parseInt(name, 10)).sort((a, b) => a - b)
    : [];

// An issue or pull request with its timeline. `place` of an entry is what cursors hold: it never changes.
export class Item {
  constructor(isPull, rest, events, inline) {
    this.isPull = isPull;
    this.rest = rest;
    this.events = events;
    this.inline = inline;
    this.__typename = isPull ? 'PullRequest' : 'Issue';
    for (const [index, event] of events.entries()) if (event.place === undefined) place(event, index + 1);
  }
  get number() {
    return this.rest.number;
  }
  get comments() {
    return this.events.filter((event) => event.event === 'commented');
  }
  get reviews() {
    return this.events.filter((event) => event.event === 'reviewed');
  }
  get commits() {
    return this.events.filter((event) => event.event === 'committed');
  }
  copy() {
    const events = this.events.map((event) => place(structuredClone(event), event.place));
    return new Item(this.isPull, structuredClone(this.rest), events, structuredClone(this.inline));
  }
}

// Not enumerable: it is ours, and never served.
export function place(event, value) {
  Object.defineProperty(event, 'place', { value, enumerable: false, configurable: true });
  return event;
}

export class Project {
  constructor(folder, extraFile) {
    this.pristine = new Map();
    for (const kind of ['issues', 'pulls'])
      for (const number of numbers(path.join(folder, kind))) {
        const file = JSON.parse(fs.readFileSync(path.join(folder, kind, `${number}.json`), 'utf8'));
        const rest = file.issue ?? file.pull;
        this.pristine.set(number, new Item(kind === 'pulls', rest, file.events ?? [], file.comments ?? []));
      }
    if (this.pristine.size === 0) throw new Error(`${folder} holds no issues/N.json or pulls/N.json`);
    const beside = path.join(folder, '.extra.json');
    const file = extraFile ?? (fs.existsSync(beside) ? beside : undefined);
    this.pristineExtra = file ? JSON.parse(fs.readFileSync(file, 'utf8')) : {};
    this.reset();
  }

  reset() {
    this.items = new Map(this.pristine);
    this.edited = new Set();
    this.gone = new Map(); // number → {reason: deleted | transferred | converted, target}
    this.formerNames = [];
    this.version = (this.version ?? 0) + 1;
    this.nextId = 9_000_000_000;
    const extra = structuredClone(this.pristineExtra);
    const url = new URL([...this.items.values()][0].rest.html_url);
    const [, owner, name] = url.pathname.split('/');
    this.owner = extra.repository?.owner?.login ?? owner;
    this.name = extra.repository?.name ?? name;
    this.originalName = `${owner}/${name}`;
    const sample = [...this.items.values()].find((item) => item.rest.base?.repo)?.rest.base.repo ?? {};
    this.repository = { id: 16648618, node_id: 'R_kgDOAP4Jqg', default_branch: 'main', private: false, ...sample, ...extra.repository };
    this.ownerAccount = this.repository.owner ?? { login: this.owner, id: 1, type: 'Organization' };
    this.labels = extra.labels ?? this.collect((item) => item.rest.labels ?? [], 'name');
    this.milestones = extra.milestones ?? this.collect((item) => (item.rest.milestone ? [item.rest.milestone] : []), 'number');
    this.releases = extra.releases ?? [];
    this.discussions = extra.discussions ?? [];
    this.runs = extra.workflow_runs ?? [];
    this.jobs = extra.jobs ?? {}; // run id → jobs
    this.artifacts = extra.artifacts ?? {}; // run id → artifacts, with `zip`: the archive in base64
    this.checkRuns = extra.check_runs ?? {}; // sha → check runs
    this.statuses = extra.statuses ?? {}; // sha → statuses, newest first
    this.contents = extra.contents ?? {}; // path → text
    this.files = extra.files ?? {}; // pull number → files
    this.memo = new Map();
    this.texts = new WeakMap(); // object → {form: JSON text}
  }

  get fullName() {
    return `${this.owner}/${this.name}`;
  }

  collect(each, key) {
    const found = new Map();
    for (const item of this.items.values()) for (const one of each(item)) found.set(one[key], one);
    return [...found.values()].sort((a, b) => (a.id ?? 0) - (b.id ?? 0));
  }

  // The item, safe to be changed.
  editable(number) {
    const item = this.items.get(number);
    if (!item) throw new Error(`there is no item ${number}`);
    this.changed();
    for (const object of [item, ...item.events, ...item.inline]) this.texts.delete(object);
    if (this.edited.has(number)) return item;
    this.edited.add(number);
    const copy = item.copy();
    this.items.set(number, copy);
    return copy;
  }

  changed() {
    this.version += 1;
    this.memo.clear();
  }

  // JSON text of an object in one of its forms, made once.
  text(object, form, make) {
    let forms = this.texts.get(object);
    if (!forms) this.texts.set(object, (forms = {}));
    return (forms[form] ??= JSON.stringify(make()));
  }

  // A list that is made once for each version of the project.
  once(key, make) {
    if (!this.memo.has(key)) this.memo.set(key, make());
    return this.memo.get(key);
  }

  issues() {
    return this.once('issues', () => [...this.items.values()].filter((item) => !item.isPull));
  }
  pulls() {
    return this.once('pulls', () => [...this.items.values()].filter((item) => item.isPull));
  }
  // All entries of a kind over all items: [{item, object}].
  everywhere(kind) {
    return this.once(`all-${kind}`, () => {
      const all = [];
      for (const item of this.items.values()) for (const object of item[kind]) all.push({ item, object });
      return all.sort((a, b) => (a.object.id ?? 0) - (b.object.id ?? 0));
    });
  }
  itemOfNode(id) {
    return this.once('nodes', () => new Map([...this.items.values()].map((item) => [item.rest.node_id, item]))).get(id);
  }
  discussion(number) {
    return this.discussions.find((discussion) => discussion.number === number);
  }
}
