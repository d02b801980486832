/** The awsQuery protocol: a form comes in, XML goes out. */
import type { AwsError } from '../errors.ts';
import { members, QUERY_STYLE } from './xml.ts';

export type QueryValue = string | boolean | number | QueryValue[] | { [name: string]: QueryValue };
export type QueryInput = { [name: string]: QueryValue };

/** Members that are no texts. The form does not tell, the models of the services do. */
const BOOLEANS = new Set([
  'UsePreviousValue',
  'UsePreviousTemplate',
  'IncludePropertyValues',
  'IncludeNestedStacks',
  'ImportExistingResources',
  'DisableRollback',
  'DisableValidation',
  'EnableTerminationProtection',
  'RetainExceptOnCreate',
  'ForceRollback',
  'FailedEvents',
]);
/** An empty list is sent as an empty text. */
const LISTS = new Set([
  'Parameters',
  'Capabilities',
  'Tags',
  'NotificationARNs',
  'ResourceTypes',
  'RetainResources',
  'ResourcesToSkip',
  'LogicalResourceIds',
  'StackStatusFilter',
  'StackResourceDriftStatusFilters',
  'ResourceArns',
  'ActionNames',
  'ResourcesToImport',
]);
const NUMBERS = new Set(['MaxResults', 'MaxItems', 'TimeoutInMinutes', 'MonitoringTimeInMinutes']);

/** `A.member.1.B=x` becomes `{A: [{B: 'x'}]}`. */
export function decodeQuery(body: string): { action: string; input: QueryInput } {
  const root: QueryInput = {};
  let action = '';
  for (const [name, value] of new URLSearchParams(body)) {
    if (name === 'Action') action = value;
    else if (name !== 'Version') assign(root, name.split('.'), value);
  }
  return { action, input: lists(root) as QueryInput };
}

export function encodeQuery(
  action: string,
  namespace: string,
  { output, requestId }: { output: object; requestId: string },
): string {
  const result = members(output, QUERY_STYLE);
  return `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${action}Response>`;
}

export function encodeQueryError({ code, message, status }: AwsError, requestId: string): string {
  const error = { Type: status >= 500 ? 'Receiver' : 'Sender', Code: code, Message: message };
  return `<ErrorResponse><Error>${members(error, QUERY_STYLE)}</Error><RequestId>${requestId}</RequestId></ErrorResponse>`;
}

function assign(at: QueryInput, [name = '', ...rest]: string[], value: string): void {
  if (rest.length === 0) {
    at[name] = scalar(name, value);
    return;
  }
  const next = at[name];
  const inner = typeof next === 'object' && !Array.isArray(next) ? next : {};
  at[name] = inner;
  assign(inner, rest, value);
}

function scalar(name: string, value: string): QueryValue {
  if (value === '' && LISTS.has(name)) return [];
  if (BOOLEANS.has(name)) return value === 'true';
  return NUMBERS.has(name) ? Number(value) : value;
}

/** `{member: {1: a, 2: b}}` is a list, and `{entry: {1: {key: a, value: b}}}` a map. */
function lists(value: QueryValue): QueryValue {
  if (typeof value !== 'object' || Array.isArray(value)) return value;
  const { member, entry, ...others } = value;
  if (typeof entry === 'object' && !Array.isArray(entry) && member === undefined && Object.keys(others).length === 0) {
    const pairs = Object.values(entry) as { key: string; value: QueryValue }[];
    return Object.fromEntries(pairs.map((pair) => [pair.key, lists(pair.value)]));
  }
  if (typeof member === 'object' && !Array.isArray(member) && entry === undefined && Object.keys(others).length === 0) {
    return Object.entries(member)
      .sort(([a], [b]) => Number(a) - Number(b))
      .map(([, item]) => lists(item));
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, lists(inner)]));
}
