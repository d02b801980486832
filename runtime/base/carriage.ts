import { isCanonicalQuery } from '../token/canonical-query.ts';
import { matchToken } from '../token/token-text.ts';
import type { StreamText } from './edge-settings.ts';
import type { Field, ViewerRequest } from './event.ts';
import { settings } from './settings.ts';
import type { Visit } from './visit.ts';

/** Names of one kind of carriage; asked only where a stream uses it, and then the settings have them. */
function names(kind: 'query' | 'cookie' | 'header'): string[] {
  return settings[kind];
}

/** Takes the token from the parameter, cookie or header of a stream. False when it is there more than once. */
export function takeField(visit: Visit, stream: StreamText): boolean {
  const request = visit.event.request;
  let fields = request.headers;
  if (FLAG_QUERY && stream.in === 'query') fields = request.querystring;
  if (FLAG_COOKIE && stream.in === 'cookie') fields = request.cookies;
  const field = fields[stream.field as string];
  if (!field) return true;
  const value = field.value;
  const token = matchToken(`/${value}`);
  // Nothing may stand behind it.
  if (value) visit.token = token && (token[0] as string).length === value.length + 1 ? token : null;
  return !field.multiValue;
}

/** Whether the query has a token that another stream would read. */
export function hasForeignQueryToken(request: ViewerRequest, stream: StreamText): boolean {
  return names('query').some((name) => request.querystring[name] && !(stream.in === 'query' && stream.field === name));
}

/** Whether every parameter name has one spelling; see `isCanonicalQuery`. */
export function hasCanonicalQuery(request: ViewerRequest): boolean {
  if (request.rawQueryString) return isCanonicalQuery(request.rawQueryString() || '');
  // CloudFront before November 2025 has only the parsed form, whose names and values are as they came.
  const query = request.querystring;
  return Object.keys(query).every((name) => !!name && isCanonicalQuery(name)) && JSON.stringify(query).indexOf(';') < 0;
}

function remove(fields: Record<string, Field>, list: string[]): void {
  for (let i = 0; i < list.length; i++) delete fields[list[i] as string];
}

/**
 * Makes a request fit to be forwarded: no token in any place where a stream carries one, and no `x-edgepass-*` header,
 * which is ours to set.
 */
export function clean(request: ViewerRequest): void {
  const headers = request.headers;
  // The character after `-` is `.`: two comparisons are a prefix check without a call for each header.
  for (const name in headers) if (name >= 'x-edgepass-' && name < 'x-edgepass.') delete headers[name];
  if (FLAG_QUERY) remove(request.querystring, names('query'));
  if (FLAG_COOKIE) remove(request.cookies, names('cookie'));
  if (FLAG_HEADER) remove(headers, names('header'));
}
