import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Field, ViewerRequestEvent } from '../base/event.ts';
import type { EdgeKey } from '../keys/state.ts';
import { type Claims, MAX_BOUND_VALUE } from '../token/claims.ts';
import { queryFault } from './canonical-query.ts';
import type { ProtectedStream } from './deployment.ts';
import { look } from './fields.ts';
import { canonicalNetwork } from './network.ts';
import { type Finding, passed, refused, skipped } from './steps.ts';
import { quote } from './words.ts';

/** One bound attribute as it goes into the canonical string: kind, name, value. */
type Attribute = [kind: 'i' | 'h' | 'q', name: string, value: string];

/** What keeps a token from being bound to all that the policy demands; `''` when nothing does. */
function floorFault(claims: Claims, { policy, boundHeaders, boundQuery }: ProtectedStream): string {
  const demanded = policy.bind?.ip;
  if (demanded !== undefined) {
    if (claims.ip === undefined) return 'it is not bound to a network';
    const least = claims.ip_ver === 4 ? demanded.v4 : demanded.v6;
    if (least === undefined) return `the policy states no width for IPv${claims.ip_ver}`;
    if (claims.ip < least) return `it is bound to a /${claims.ip}, and the policy demands a /${least} or narrower`;
  }
  const header = boundHeaders.find((name) => !claims.headers?.includes(name));
  if (header !== undefined) return `it is not bound to the header ${quote(header)}`;
  const parameter = boundQuery.find((name) => !claims.qs?.includes(name));
  return parameter === undefined ? '' : `it is not bound to the parameter ${quote(parameter)}`;
}

/** The attribute of a header or parameter, or what keeps it from being one, as the rest of a sentence about it. */
function attribute(kind: 'h' | 'q', at: { fields: Record<string, Field>; name: string }): Attribute | string {
  const found = look(at.fields, at.name);
  if (found.is === 'absent') return 'is missing from the request';
  if (found.is !== 'value') return `is ${found.is}`;
  return Buffer.byteLength(found.value) > MAX_BOUND_VALUE ? 'is over 1 KB' : [kind, at.name, found.value];
}

/** Every bound attribute with its value in this request, in the order ip, headers, qs; or a sentence about one that is not there. */
function attributes(claims: Claims, { viewer, request }: ViewerRequestEvent): Attribute[] | string {
  const list: Attribute[] = [];
  if (claims.ip !== undefined) {
    const family = claims.ip_ver as 4 | 6;
    const network = canonicalNetwork(viewer.ip, { family, width: claims.ip });
    if (network === undefined) return `The viewer's address is not one of IPv${family}.`;
    list.push(['i', `${family}/${claims.ip}`, network]);
  }
  for (const name of claims.headers ?? []) {
    const found = attribute('h', { fields: request.headers, name });
    if (typeof found === 'string') return `Header ${quote(name)} ${found}.`;
    list.push(found);
  }
  for (const name of claims.qs ?? []) {
    const found = attribute('q', { fields: request.querystring, name });
    if (typeof found === 'string') return `Parameter ${quote(name)} ${found}.`;
    list.push(found);
  }
  return list;
}

/** The string that `intsig` is the MAC of: each field is its length in bytes, `:`, and its bytes. */
function canonicalString(claims: Claims, audience: string, list: Attribute[]): string {
  const head = ['edgepass-bind-1', audience, claims.ssn ?? '', String(claims.iat), String(claims.exp)];
  return [...head, ...list.flat()].map((field) => `${Buffer.byteLength(field)}:${field}`).join('');
}

function isSameText(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What a binding is checked with. */
export interface Bound {
  claims: Claims;
  owner: ProtectedStream;
  event: ViewerRequestEvent;
  /** The matched `aud`. */
  audience: string;
  key: EdgeKey;
}

/** Step 9, viewer binding: the policy as a floor, then the request against what the token was bound to. */
export function checkBinding({ claims, owner, event, audience, key }: Bound): Finding {
  const short = floorFault(claims, owner);
  if (short !== '') return refused('policy_not_met', `The token falls short of the policy: ${short}.`);
  if (claims.intsig === undefined) return skipped('The token is bound to nothing.');
  if (claims.qs !== undefined) {
    const fault = queryFault(event.request);
    if (fault !== '') return refused('query_not_canonical', `The query ${fault}, and the token binds parameters.`);
  }
  const list = attributes(claims, event);
  if (typeof list === 'string') return refused('binding_mismatch', list);
  const names = list.map(([kind, name]) => `${{ i: 'network', h: 'header', q: 'parameter' }[kind]} ${quote(name)}`);
  const expected = createHmac('sha256', Buffer.from(key.bind, 'base64url'))
    .update(canonicalString(claims, audience, list))
    .digest('base64url');
  return isSameText(expected, claims.intsig)
    ? passed(`The viewer has what the token is bound to: ${names.join(', ')}.`)
    : refused('binding_mismatch', `One of these is not what it was when the token was issued: ${names.join(', ')}.`);
}
