// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
import { bindKey } from '../keys/state.ts';
import { bindingHead, boundAttribute } from '../token/binding.ts';
import { type ClaimText, EXP, HEADERS, IAT, INTSIG, IPV4, IPV6, itemsOf, QS, SSN } from '../token/claim-text.ts';
import { crypto } from '../token/crypto.ts';
import { networkOf } from '../token/network.ts';
import { POLICY_NOT_MET, type Refusal, STATE_UNAVAILABLE } from '../token/verdict.ts';
import { hasCanonicalQuery } from './carriage.ts';
import type { Field } from './event.ts';
import { single } from './single.ts';
import type { KnownVisit } from './visit.ts';
import { lacks } from './within.ts';

/** The bound fields of one kind; `''` when one of them is missing, empty, repeated or too long: never skipped. */
function boundFields(kind: 'h' | 'q', list: string, fields: Record<string, Field>): string {
  const field = fields[list];
  // A list of one is the name itself, and no field is called by several.
  if (field) return boundAttribute(kind, list, single(field));
  const names = itemsOf(list);
  let text = '';
  for (let i = 0; i < names.length; i++) {
    const name = names[i] as string;
    const attribute = boundAttribute(kind, name, single(fields[name]));
    if (!attribute) return '';
    text += attribute;
  }
  return text;
}

/**
 * Whether token and request are bound to all that the policy demands, and to as much of the address or more, and the request has every attribute
 * that the token is bound to, each with the value it had at the issuer.
 */
export function checkBinding(
  visit: KnownVisit,
  claims: ClaimText,
  audience: string,
  state: string,
  at: number,
): Refusal | '' {
  const stream = visit.stream;
  const event = visit.event;
  const v4 = claims[IPV4];
  const width = v4 || claims[IPV6] || '';
  const headers = claims[HEADERS];
  const qs = claims[QS];
  // With an address of no policy and no token, both are absent, and absent is not less than absent.
  if (FLAG_BIND_IP && (stream.ip4 || stream.ip6) && !(+width >= ((v4 ? stream.ip4 : stream.ip6) as number)))
    return POLICY_NOT_MET;
  if (FLAG_BIND_HEADERS && stream.headers && lacks(headers, stream.headers)) return POLICY_NOT_MET;
  if (FLAG_BIND_QUERY && stream.qs && lacks(qs, stream.qs)) return POLICY_NOT_MET;
  const mac = claims[INTSIG];
  // Absent exactly when nothing is bound (`readClaims`); an empty one is a wrong one.
  if (mac === undefined) return '';
  const request = event.request;
  // The token may bind parameters on a stream whose policy binds none, where the names were not looked at before.
  if (FLAG_BIND_QUERY && qs && !hasCanonicalQuery(request)) return '400 query_not_canonical';
  const family = v4 ? 4 : 6;
  const network =
    FLAG_BIND_IP && width ? boundAttribute('i', family + '/' + width, networkOf(event.viewer.ip, family, +width)) : '';
  const named = FLAG_BIND_HEADERS && headers ? boundFields('h', headers, request.headers) : '';
  const asked = FLAG_BIND_QUERY && qs ? boundFields('q', qs, request.querystring) : '';
  if ((width && !network) || (headers && !named) || (qs && !asked)) return '403 binding_mismatch';
  const key = bindKey(state, at);
  if (key.length !== 32) return STATE_UNAVAILABLE;
  const head = bindingHead(audience, claims[SSN] || '', claims[IAT] as string, claims[EXP] as string);
  // No constant time: `intsig` is authenticated by the signature and readable, and of no use without one.
  return crypto
    .createHmac('sha256', key)
    .update(head + network + named + asked)
    .digest('base64url') === mac
    ? ''
    : '403 binding_mismatch';
}
