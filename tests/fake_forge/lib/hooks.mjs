// Webhook deliveries, signed and sent in order as GitHub does, for each change at the fake.
import crypto from 'node:crypto';
import http from 'node:http';
import * as shapes from './shapes.mjs';

export class Hooks {
  constructor(project) {
    this.project = project;
    this.configure({});
  }
  configure({ deliver_to: url, secret = '' }) {
    this.url = url;
    this.secret = secret;
    this.sent = [];
    this.queue = Promise.resolve();
  }

  payload(event) {
    const { project } = this;
    const body = { action: event.action, ...event.more };
    if (event.item) {
      if (event.item.isPull && event.name !== 'issue_comment') body.pull_request = shapes.pull(event.item, project, event.name === 'pull_request');
      else body.issue = shapes.issue(event.item, project);
      if (event.name === 'pull_request') body.number = event.item.number;
    }
    if (event.name === 'issue_comment') body.comment = shapes.comment(event.event, event.item, project);
    if (event.name === 'pull_request_review') body.review = shapes.review(event.event, event.item, project);
    if (event.name === 'pull_request_review' ) body.review.state = body.review.state.toLowerCase();
    if (event.name === 'pull_request_review_comment') body.comment = shapes.inlineComment(event.event, event.item, project);
    return JSON.stringify({ ...body, repository: shapes.repository(project), sender: shapes.account(event.sender) });
  }

  deliver(event) {
    if (!this.url) return;
    const delivery = { id: crypto.randomUUID(), name: event.name, body: this.payload(event) };
    this.queue = this.queue.then(() => this.send(delivery));
  }

  // Also for tests that deliver twice, late or forged.
  send({ id, name, body, signature }) {
    const sign = signature ?? `sha256=${crypto.createHmac('sha256', this.secret).update(body).digest('hex')}`;
    return new Promise((done) => {
      const request = http.request(this.url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), 'User-Agent': 'GitHub-Hookshot/abc123', 'X-GitHub-Event': name, 'X-GitHub-Delivery': id, 'X-GitHub-Hook-ID': '1',
          'X-GitHub-Hook-Installation-Target-Type': 'repository', 'X-Hub-Signature-256': sign,
        },
      }, (response) => {
        response.resume();
        response.on('end', () => { this.sent.push({ id, name, status: response.statusCode }); done(response.statusCode); });
      });
      request.on('error', (error) => { this.sent.push({ id, name, status: 0, error: error.message }); done(0); });
      request.end(body);
    });
  }
}
