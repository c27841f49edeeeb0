// What a GraphQL call costs, by the published formula: the requests needed to fulfil each connection, every one of
// them full, divided by 100 and rounded, at least 1; and the nodes it may ask for, at most 500,000.
// docs.github.com/graphql/overview/rate-limits-and-node-limits-for-the-graphql-api
import { Kind, getNamedType, isObjectType, isInterfaceType, valueFromASTUntyped, GraphQLError } from 'graphql';

export const NODE_LIMIT = 500_000;
const LARGEST_PAGE = 100;

const failure = (type, message, path) => new GraphQLError(message, { extensions: { type, path } });

// {cost, nodes}; throws GraphQLError where GitHub refuses.
export function cost(schema, document, operation, variables) {
  const fragments = new Map(document.definitions.filter((one) => one.kind === Kind.FRAGMENT_DEFINITION).map((one) => [one.name.value, one]));
  let requests = 0;
  let nodes = 0;
  const given = { ...defaults(operation), ...variables };

  function included(selection) {
    return (selection.directives ?? []).every(({ name, arguments: [argument] = [] }) => {
      if (name.value !== 'skip' && name.value !== 'include') return true;
      return Boolean(valueFromASTUntyped(argument.value, given)) === (name.value === 'include');
    });
  }
  function walk(set, type, multiplier, path) {
    for (const selection of set?.selections ?? []) {
      if (!included(selection)) continue;
      if (selection.kind === Kind.FIELD) field(selection, type, multiplier, path);
      else {
        const fragment = selection.kind === Kind.FRAGMENT_SPREAD ? fragments.get(selection.name.value) : selection;
        const inner = fragment.typeCondition ? schema.getType(fragment.typeCondition.name.value) : type;
        walk(fragment.selectionSet, inner, multiplier, path);
      }
    }
  }
  function field(selection, type, multiplier, path) {
    const name = selection.name.value;
    if (name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) return;
    const inner = getNamedType(type.getFields()[name].type);
    const here = [...path, selection.alias?.value ?? name];
    const values = Object.fromEntries((selection.arguments ?? []).map((one) => [one.name.value, valueFromASTUntyped(one.value, given)]));
    let below = multiplier;
    if (inner.name.endsWith('Connection') || inner.name === 'SearchResultItemConnection') {
      const size = values.first ?? values.last;
      if (size === undefined || size === null)
        throw failure('MISSING_PAGINATION_BOUNDARIES', `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`, here);
      if (size < 0) throw failure('INVALID_PAGINATION_BOUNDARIES', `\`first\` on the \`${name}\` connection cannot be less than zero.`, here);
      if (size > LARGEST_PAGE)
        throw failure('EXCESSIVE_PAGINATION', `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of ${LARGEST_PAGE} records.`, here);
      requests += multiplier;
      nodes += multiplier * size;
      below = multiplier * size;
    } else if (name === 'nodes' && type === schema.getQueryType()) {
      const count = (values.ids ?? []).length;
      if (count > LARGEST_PAGE) throw failure('ARGUMENT_LIMIT', `You may not provide more than 100 node ids; you provided ${count}.`, here);
      nodes += count;
      below = multiplier * Math.max(1, count);
    }
    walk(selection.selectionSet, inner, below, here);
  }
  walk(operation.selectionSet, schema.getQueryType(), 1, []);
  if (nodes > NODE_LIMIT)
    throw failure('MAX_NODE_LIMIT_EXCEEDED', `This query requests up to ${nodes.toLocaleString('en')} possible nodes which exceeds the maximum limit of 500,000.`, []);
  return { cost: Math.max(1, Math.round(requests / 100)), nodes };
}

function defaults(operation) {
  const values = {};
  for (const variable of operation.variableDefinitions ?? [])
    if (variable.defaultValue) values[variable.variable.name.value] = valueFromASTUntyped(variable.defaultValue);
  return values;
}
