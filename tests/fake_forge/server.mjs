#!/usr/bin/env node
// A GitHub on loopback. server.mjs --data DIR [--extra FILE] [--port 0] [--tls] [--until-stdin-ends]
// Prints one line of JSON when it listens: {"url", "other", "tls", "owner", "name"}. See README.md for its controls.
import http from 'node:http';
import https from 'node:https';
import { parseArgs } from 'node:util';
import { Project } from './lib/project.mjs';
import { KINDS, HARMLESS } from './lib/faults.mjs';
import { Forge } from './lib/forge.mjs';
import { githubSchema } from './lib/graphql.mjs';
import { send } from './lib/send.mjs';
import { selfSigned } from './lib/certificate.mjs';

const { values } = parseArgs({ options: { data: { type: 'string' }, extra: { type: 'string' }, port: { type: 'string', default: '0' }, tls: { type: 'boolean', default: false }, 'until-stdin-ends': { type: 'boolean', default: false } } });
if (!values.data) {
  console.error('server.mjs --data DIR [--extra FILE] [--port 0] [--tls] [--until-stdin-ends]');
  process.exit(2);
}

const LARGEST_BODY = 10 << 20;
function read(request) {
  return new Promise((done) => {
    const pieces = [];
    let size = 0;
    request.on('data', (piece) => { if ((size += piece.length) <= LARGEST_BODY) pieces.push(piece); });
    request.on('end', () => done(Buffer.concat(pieces).toString()));
    request.on('error', () => done(''));
  });
}

const forge = new Forge(new Project(values.data, values.extra));
githubSchema();

async function fake(request, response, body) {
  const reply = (status, object) => {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify(object));
  };
  const { pathname } = new URL(request.url, 'http://fake');
  if (pathname === '/_fake/stats') return reply(200, { ...forge.statistics, delivered: forge.hooks.sent });
  if (pathname === '/_fake/kinds') return reply(200, Object.fromEntries(Object.entries(KINDS).map(([name, kind]) => [name, { data: Boolean(kind.data), slow: Boolean(kind.slow), graphql: Boolean(kind.graphql), harmless: HARMLESS.includes(name) }])));
  if (pathname === '/_fake/log') return reply(200, forge.log);
  if (pathname === '/_fake/project') {
    const { project } = forge;
    return reply(200, { owner: project.owner, name: project.name, issues: project.issues().length, pulls: project.pulls().length, numbers: [...project.items.keys()], pull_numbers: project.pulls().map((item) => item.rest.number), long: [...project.items.values()].filter((item) => item.events.length > 120).map((item) => item.rest.number), gone: Object.fromEntries(project.gone) });
  }
  if (pathname === '/_fake/export') {
    const kind = (item) => (item.isPull ? { type: 'pull', pull: item.rest, events: item.events, comments: item.inline } : { type: 'issue', issue: item.rest, events: item.events });
    return reply(200, [...forge.project.items.values()].map(kind));
  }
  if (pathname === '/_fake/delivered') {
    await forge.hooks.queue;
    return reply(200, forge.hooks.sent);
  }
  if (pathname === '/_fake/control' && request.method === 'POST') {
    try {
      return reply(200, forge.control(JSON.parse(body)));
    } catch (error) {
      return reply(400, { error: error.message });
    }
  }
  if (pathname === '/_fake/quit') {
    reply(200, {});
    setTimeout(() => process.exit(0), 20);
    return undefined;
  }
  return reply(404, { error: 'no such control' });
}

function listener(options) {
  return async (request, response) => {
    const body = await read(request);
    response.on('error', () => {});
    try {
      if (request.url.startsWith('/_fake/') && !request.url.startsWith('/_fake/moved/')) return await fake(request, response, body);
      const { answer, sending } = forge.answer(request, body, options);
      await send(response, answer, sending);
    } catch (error) {
      console.error(error);
      if (!response.headersSent) response.writeHead(500, { 'X-Fake-Defect': '1' });
      response.end(JSON.stringify({ message: `the fake itself failed: ${error.message}` }));
    }
    return undefined;
  };
}

function listen(server, port) {
  server.keepAliveTimeout = 30_000;
  server.on('clientError', (_, socket) => socket.destroy());
  return new Promise((done) => server.listen(port, '127.0.0.1', () => done(`127.0.0.1:${server.address().port}`)));
}

const main = { scheme: 'http' };
const other = { scheme: 'http', isOther: true };
main.address = await listen(http.createServer(listener(main)), parseInt(values.port, 10));
other.address = await listen(http.createServer(listener(other)), 0);
forge.other = `http://${other.address}`;
if (values.tls) {
  const tls = { scheme: 'https' };
  tls.address = await listen(https.createServer(selfSigned(), listener(tls)), 0);
  forge.tls = `https://${tls.address}`;
}
console.log(JSON.stringify({ url: `http://${main.address}`, other: forge.other, tls: forge.tls, owner: forge.project.owner, name: forge.project.name }));
// Ends with whoever started it, and holds the other end.
if (values['until-stdin-ends']) process.stdin.on('end', () => process.exit(0)).on('error', () => {}).resume();
