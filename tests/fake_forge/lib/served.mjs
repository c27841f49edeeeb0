// Starts a forge for tests and talks to it.
import { spawn, execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const home = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');

export function makeProject() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'fake-forge-project-'));
  execFileSync(process.execPath, [path.join(home, 'make_project.mjs'), folder]);
  return folder;
}

export class Served {
  static async start(folder = makeProject(), ...more) {
    const served = new Served();
    served.folder = folder;
    served.process = spawn(process.execPath, [path.join(home, 'server.mjs'), '--data', folder, '--until-stdin-ends', ...more], { stdio: ['pipe', 'pipe', 'inherit'] });
    Object.assign(served, JSON.parse(await new Promise((done) => served.process.stdout.once('data', (text) => done(text.toString())))));
    return served;
  }
  stop() {
    this.process.stdin.end();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
  async get(pathname, headers = {}) {
    const response = await fetch(pathname.startsWith('http') ? pathname : this.url + pathname, { headers: { authorization: 'Bearer good', ...headers }, redirect: 'manual' });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : null };
  }
  repo(tail, headers) {
    return this.get(`/repos/${this.owner}/${this.name}${tail}`, headers);
  }
  async graphql(query, variables) {
    const response = await fetch(`${this.url}/graphql`, { method: 'POST', headers: { authorization: 'Bearer good' }, body: JSON.stringify({ query, variables }) });
    return response.json();
  }
  // A query inside repository { }.
  async query(inner, variables) {
    const { data, errors } = await this.graphql(`query { rateLimit { cost nodeCount remaining } repository(owner: "${this.owner}", name: "${this.name}") { ${inner} } }`, variables);
    if (errors) throw new Error(JSON.stringify(errors));
    return { ...data.repository, rateLimit: data.rateLimit };
  }
  async control(order) {
    const response = await fetch(`${this.url}/_fake/control`, { method: 'POST', body: JSON.stringify(order) });
    const answer = await response.json();
    if (answer.error) throw new Error(answer.error);
    return answer;
  }
  async stats() {
    return (await fetch(`${this.url}/_fake/stats`)).json();
  }
}
