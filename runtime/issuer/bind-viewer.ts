import type { KeyObject } from 'node:crypto';
import type { EdgeStream } from '../base/edge-settings.ts';
import { bindingHead, boundAttribute } from '../token/binding.ts';
import { type Claims, MAX_BOUND_VALUE } from '../token/claims.ts';
import { networkOf } from '../token/network.ts';
import { hmac } from './hmac.ts';
import { refuse } from './issue-error.ts';
import type { Viewer } from './issue-types.ts';
import { queryValue } from './split-url.ts';

/** Attributes that a token will be bound to: claims that name them, and their text under the MAC. */
export interface Bound {
  ip?: number;
  family?: 4 | 6;
  text: string;
}

/** What HTTP does not carry in a header value: space at its ends, control characters. */
const NO_HEADER_VALUE = /^[\t ]|[\t ]$|[^\t -~\x80-\uffff]/;
/** What players encode in a query before they send it. */
const NO_QUERY_VALUE = /["'<>]/;

function network(ip: unknown, widths: { 4?: number; 6?: number }): Required<Bound> {
  if (typeof ip !== 'string' || ip === '')
    return refuse('attribute_missing', 'The policy binds the network, and the viewer has no `ip`.');
  // An IPv4-mapped address has colons and is IPv4.
  let value = ip.includes(':') ? networkOf(ip, 6, widths[6] ?? 128) : '';
  const family = value === '' ? 4 : 6;
  if (value === '') value = networkOf(ip, 4, widths[4] ?? 32);
  if (value === '') refuse('attribute_invalid', 'The `ip` of the viewer is no IPv4 or IPv6 address.');
  const width = widths[family];
  if (!width) return refuse('family_not_allowed', `The policy states no network for IPv${family}.`);
  return { ip: width, family, text: boundAttribute('i', `${family}/${width}`, value) };
}

interface Field {
  kind: 'h' | 'q';
  name: string;
  value: unknown;
  /** Finds what the value cannot have. */
  wrong: RegExp;
}

function field({ kind, name, value, wrong }: Field): string {
  const what = (): string =>
    kind === 'h' ? `The bound header "${name}" (lower case)` : `The bound query parameter "${name}"`;
  if (Array.isArray(value)) return refuse('attribute_repeated', `${what()} is there more than once.`);
  if (typeof value !== 'string' || value === '') return refuse('attribute_missing', `${what()} is missing or empty.`);
  const text = boundAttribute(kind, name, value);
  if (text === '') refuse('attribute_too_long', `${what()} is longer than ${MAX_BOUND_VALUE} bytes.`);
  if (wrong.test(value)) refuse('attribute_invalid', `${what()} has a form in which it cannot be sent.`);
  return text;
}

/** Collects the attributes that a policy binds; `undefined` when it binds none. Throws `attribute_…`, `family_not_allowed`. */
export function collectBound(
  { ip, headers, qs }: Pick<EdgeStream, 'ip' | 'headers' | 'qs'>,
  viewer: Viewer,
  query: string | undefined,
): Bound | undefined {
  if (ip === undefined && headers === undefined && qs === undefined) return undefined;
  const bound: Bound = ip === undefined ? { text: '' } : network(viewer.ip, ip);
  const sent = viewer.headers ?? {};
  for (const name of headers ?? []) bound.text += field({ kind: 'h', name, value: sent[name], wrong: NO_HEADER_VALUE });
  for (const name of qs ?? [])
    bound.text += field({ kind: 'q', name, value: queryValue(query, name), wrong: NO_QUERY_VALUE });
  return bound;
}

/** `intsig`: the MAC over audience, session, times and the bound attributes. */
export function signBound(claims: Claims & { aud: string }, bound: Bound, key: KeyObject): string {
  return hmac(key, bindingHead(claims.aud, claims.ssn ?? '', String(claims.iat), String(claims.exp)) + bound.text);
}
