// GraphQL: graphql-js over GitHub's published schema, so that every query is validated and every field has GitHub's
// type. What a field answers is in resolvers.mjs; a field nobody thought of answers null, or nothing of its type.
import fs from 'node:fs';
import { buildSchema, parse, validate, execute, getOperationAST, isObjectType, isInterfaceType, isUnionType, isNonNullType, isListType, isEnumType, getNamedType } from 'graphql';
import { cost } from './cost.mjs';
import { resolvers } from './resolvers.mjs';
import { emptyConnection } from './timeline.mjs';

const schemaFile = new URL('../node_modules/@octokit/graphql-schema/schema.graphql', import.meta.url);
let cached;
export function githubSchema() {
  if (cached) return cached;
  const text = fs.readFileSync(schemaFile, 'utf8');
  cached = buildSchema(text, { assumeValid: true, assumeValidSDL: true });
  for (const type of Object.values(cached.getTypeMap())) {
    if (type.name.startsWith('__')) continue;
    if (isInterfaceType(type) || isUnionType(type)) type.resolveType = (source) => source.__typename;
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields())) field.resolve = resolverOf(type, field);
  }
  return cached;
}

const snake = (name) => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const LARGEST_INT = 2 ** 31 - 1;

function resolverOf(type, field) {
  const own = resolvers[type.name]?.[field.name] ?? (type.name.endsWith('Event') ? resolvers.Event[field.name] : undefined) ?? resolvers.Any[field.name];
  const plain = snake(field.name);
  const nothing = nothingOf(field.type);
  const named = getNamedType(field.type);
  const shape = isEnumType(named) ? (value) => (typeof value === 'string' ? value.toUpperCase() : value)
    : named.name === 'Int' ? (value) => (typeof value === 'number' && Math.abs(value) <= LARGEST_INT ? value : undefined)
    : (value) => value;
  return (source, args, context) => {
    let value = own ? own(source, args, context) : source?.[field.name] ?? source?.rest?.[plain];
    if (value !== null && value !== undefined) value = shape(value);
    return value === undefined || value === null ? nothing(context) : value;
  };
}

// What a field of this type answers when nothing is known: null where it may.
function nothingOf(type) {
  if (!isNonNullType(type)) return () => null;
  if (isListType(type.ofType)) return () => [];
  const named = getNamedType(type);
  if (isEnumType(named)) return () => named.getValues()[0].value;
  if (isObjectType(named)) {
    if (named.name.endsWith('Connection')) return emptyConnection;
    if (named.name === 'Repository') return (context) => context.repository;
    return () => ({ __typename: named.name, rest: {} });
  }
  switch (named.name) {
    case 'Int': case 'Float': return () => 0;
    case 'Boolean': return () => false;
    case 'DateTime': case 'GitTimestamp': case 'PreciseDateTime': return () => '1970-01-01T00:00:00Z';
    case 'Date': return () => '1970-01-01';
    default: return () => '';
  }
}

const documents = new Map();
function prepared(text) {
  let found = documents.get(text);
  if (found) return found;
  found = {};
  try {
    found.document = parse(text);
    const problems = validate(githubSchema(), found.document);
    if (problems.length) found.errors = problems.map(shown);
  } catch (error) {
    found.errors = [shown(error)];
  }
  if (documents.size > 500) documents.clear();
  documents.set(text, found);
  return found;
}

// An error as GitHub writes it.
function shown(error) {
  const { type, path, ...extensions } = error.extensions ?? {};
  const object = { message: error.message };
  if (type) object.type = type;
  const where = path ?? error.path;
  if (where) object.path = where;
  if (error.locations) object.locations = error.locations.map(({ line, column }) => ({ line, column }));
  if (Object.keys(extensions).length) object.extensions = extensions;
  return object;
}

// {result, cost, invalid}; `spend(points)` is called before the query runs and returns the budget after it.
export function runGraphql({ query, variables, operationName }, context, spend) {
  const { document, errors } = prepared(query);
  if (errors) return { result: { errors }, cost: 1, invalid: true };
  const schema = githubSchema();
  const operation = getOperationAST(document, operationName);
  if (!operation) return { result: { errors: [{ message: 'An operation name is required' }] }, cost: 1, invalid: true };
  if (operation.operation !== 'query') return { result: { errors: [{ type: 'FORBIDDEN', message: 'This forge takes no mutations.' }] }, cost: 1, invalid: true };
  let price;
  try {
    price = cost(schema, document, operation, variables ?? {});
  } catch (error) {
    return { result: { errors: [shown(error)] }, cost: 1, invalid: true };
  }
  const budget = spend(price.cost);
  if (budget.refused) return { refused: true, cost: price.cost };
  const done = execute({ schema, document, contextValue: { ...context, price, budget }, variableValues: variables ?? {}, operationName });
  const result = { data: done.data ?? null };
  if (done.errors) result.errors = done.errors.map(shown);
  return { result, cost: price.cost, nodes: price.nodes };
}

export function validateQuery(text) {
  return prepared(text).errors ?? [];
}
