import { bindKey } from '../keys/state.ts';
import { bindingHead, boundAttribute } from '../token/binding.ts';
import type { Claims } from '../token/claims.ts';
import { crypto } from '../token/crypto.ts';
import { holdsAll } from '../token/lists.ts';
import { networkOf } from '../token/network.ts';
import { BINDING_MISMATCH, POLICY_NOT_MET, STATE_UNAVAILABLE, type Verdict } from '../token/verdict.ts';
import { hasCanonicalQuery } from './carriage.ts';
import type { EdgeStream } from './edge-settings.ts';
import type { Field } from './event.ts';
import { single } from './single.ts';
import type { KnownVisit } from './visit.ts';

/** Whether a token is bound to all that the policy demands, and to as much of the address or more. */
function bindsEnough(claims: Claims, stream: EdgeStream): boolean {
  if (FLAG_BIND_IP && stream.ip) {
    const least = claims.ip && stream.ip[claims.ip_ver as 4 | 6];
    if (!least || (claims.ip as number) < least) return false;
  }
  if (FLAG_BIND_HEADERS && stream.headers && !holdsAll(claims.headers, stream.headers)) return false;
  return !FLAG_BIND_QUERY || !stream.qs || holdsAll(claims.qs, stream.qs);
}

/** The bound fields of one kind; `''` when one of them is missing, empty, repeated or too long: never skipped. */
function boundFields(kind: 'h' | 'q', names: string[], fields: Record<string, Field>): string {
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const attribute = boundAttribute(kind, name, single(fields[name]));
    if (!attribute) return '';
    text += attribute;
  }
  return text;
}

/** Whether the request has every attribute that the token is bound to, each with the value it had at the issuer. */
export function checkBinding(claims: Claims, visit: KnownVisit, audience: string): Verdict {
  if (!bindsEnough(claims, visit.stream)) return POLICY_NOT_MET;
  const mac = claims.intsig;
  // Absent exactly when nothing is bound (`isClaims`); an empty one is a wrong one.
  if (mac === undefined) return '';
  const event = visit.event;
  const request = event.request;
  const ip = claims.ip;
  const headers = claims.headers;
  const qs = claims.qs;
  // The token may bind parameters on a stream whose policy binds none, where the names were not looked at before.
  if (FLAG_BIND_QUERY && qs && !hasCanonicalQuery(request)) return 'query_not_canonical';
  const family = claims.ip_ver as 4 | 6;
  const network =
    FLAG_BIND_IP && ip ? boundAttribute('i', `${family}/${ip}`, networkOf(event.viewer.ip, family, ip)) : '';
  const named = FLAG_BIND_HEADERS && headers ? boundFields('h', headers, request.headers) : '';
  const asked = FLAG_BIND_QUERY && qs ? boundFields('q', qs, request.querystring) : '';
  if ((ip && !network) || (headers && !named) || (qs && !asked)) return BINDING_MISMATCH;
  const key = bindKey(visit.state, visit.key);
  if (key.length !== 32) return STATE_UNAVAILABLE;
  const text = bindingHead(claims, audience).concat(network, named, asked);
  // No constant time: `intsig` is authenticated by the signature and readable, and of no use without one.
  return crypto.createHmac('sha256', key).update(text).digest('base64url') === mac ? '' : BINDING_MISMATCH;
}
