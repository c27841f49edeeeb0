#!/usr/bin/env node
// Keeps of GitHub's REST description (npm: @octokit/openapi, 400 MB in all) the schemas of the answers that the fake gives:
// extract_openapi.mjs node_modules/@octokit/openapi/generated/api.github.com.json > test/openapi.json
import fs from 'node:fs';

const PATHS = [
  '/repos/{owner}/{repo}', '/repos/{owner}/{repo}/issues', '/repos/{owner}/{repo}/issues/{issue_number}', '/repos/{owner}/{repo}/issues/{issue_number}/timeline', '/repos/{owner}/{repo}/issues/{issue_number}/events',
  '/repos/{owner}/{repo}/issues/events', '/repos/{owner}/{repo}/issues/comments', '/repos/{owner}/{repo}/issues/{issue_number}/comments', '/repos/{owner}/{repo}/pulls', '/repos/{owner}/{repo}/pulls/{pull_number}',
  '/repos/{owner}/{repo}/pulls/comments', '/repos/{owner}/{repo}/pulls/{pull_number}/comments', '/repos/{owner}/{repo}/pulls/{pull_number}/reviews', '/repos/{owner}/{repo}/pulls/{pull_number}/commits', '/repos/{owner}/{repo}/pulls/{pull_number}/files',
  '/repos/{owner}/{repo}/labels', '/repos/{owner}/{repo}/milestones', '/repos/{owner}/{repo}/releases', '/repos/{owner}/{repo}/actions/runs', '/repos/{owner}/{repo}/actions/runs/{run_id}/jobs', '/repos/{owner}/{repo}/commits/{ref}/check-runs',
  '/repos/{owner}/{repo}/commits/{ref}/status', '/repos/{owner}/{repo}/contents/{path}', '/rate_limit', '/user', '/search/issues',
];
const source = JSON.parse(fs.readFileSync(process.argv[2], 'utf8'));
const kept = { info: { version: source.info.version, license: source.info.license }, responses: {}, schemas: {} };

// Without what only people read.
function bare(value) {
  if (Array.isArray(value)) return value.map(bare);
  if (!value || typeof value !== 'object') return value;
  if (value.nullable && !value.type) {
    const { nullable, ...rest } = value;
    return { anyOf: [{ enum: [null] }, bare(rest)] };
  }
  if (value.nullable && value.enum && !value.enum.includes(null)) return bare({ ...value, enum: [...value.enum, null] });
  return Object.fromEntries(Object.entries(value).filter(([key, inner]) => !(['description', 'title', 'example', 'examples', 'externalDocs', 'deprecated'].includes(key) && typeof inner !== 'object') && key !== 'examples' && !key.startsWith('x-')).map(([key, inner]) => [key, bare(inner)]));
}
function collect(value) {
  if (Array.isArray(value)) return value.forEach(collect);
  if (!value || typeof value !== 'object') return undefined;
  const name = value.$ref?.match(/^#\/components\/schemas\/(.+)$/)?.[1];
  if (name && !kept.schemas[name]) {
    kept.schemas[name] = bare(source.components.schemas[name]);
    collect(kept.schemas[name]);
  }
  return Object.values(value).forEach(collect);
}
for (const path of PATHS) {
  let answer = source.paths[path].get.responses[200];
  if (answer.$ref) answer = source.components.responses[answer.$ref.split('/').pop()];
  const schema = answer.content['application/json'].schema;
  kept.responses[path] = bare(schema);
  collect(schema);
}
const lines = (object) => `{\n${Object.entries(object).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(',\n')}\n}`;
process.stdout.write(`{"info": ${JSON.stringify(kept.info)},\n"responses": ${lines(kept.responses)},\n"schemas": ${lines(kept.schemas)}}\n`);
