/** Short forms for tables of requests. Expectations are written by hand in the tables; nothing here works one out. */
import { type Attribute, signBinding, signToken, type TestKey } from '../../../helpers/sign.ts';
import type { Claims, Expected, RequestVector } from '../../types.ts';
import { inOrder } from '../issue.ts';
import { AGENT, AUDIENCE, HOST, IPV4, KEY1, NOW } from '../keys.ts';

export type Case = [name: string, asked: Partial<RequestVector> & { uri: string }, expected: Expected];

/** Claims of a token for `paths` that is valid at `NOW`, with changes; `undefined` takes a claim out. */
export function claims(paths: string[], more: Claims = {}): Claims {
  return inOrder({ iat: NOW - 60, exp: NOW + 600, aud: AUDIENCE, paths, ...more });
}

/** Claims with `intsig` over attributes. */
export function bound(content: Claims, attributes: Attribute[], key: TestKey = KEY1): Claims {
  const { aud, ssn, iat, exp } = content as { aud: string; ssn?: string; iat: number; exp: number };
  return inOrder({
    ...content,
    intsig: signBinding(key, { aud, iat, exp, ...(ssn !== undefined && { ssn }) }, attributes),
  });
}

/** A token with its `ssn` as the session in front, if that is a text; a string is a payload as it is. */
export function token(content: Claims | string, key: TestKey = KEY1): string {
  const session = typeof content === 'string' ? undefined : content.ssn;
  return signToken({ key, claims: content, session: typeof session === 'string' ? session : undefined });
}

/** A path with its token in front. */
export const at = (path: string, content: Claims | string, more: Partial<RequestVector> = {}): Case[1] => ({
  uri: `/${token(content)}${path}`,
  ...more,
});

/** Forwarded; what is not stated arrives at the origin as it was sent. The origin is `vod` unless it is stated. */
export const forward = (uri: string, more: Partial<Extract<Expected, { verdict: 'forward' }>> = {}): Expected => ({
  verdict: 'forward',
  uri,
  origin: 'vod',
  ...more,
});

const STATUS: [status: number, reasons: string][] = [
  [400, 'path_not_canonical query_not_canonical'],
  [
    401,
    'token_missing token_malformed signature_invalid key_unknown token_expired token_not_yet_valid audience_mismatch',
  ],
  [403, 'path_not_allowed policy_not_met binding_mismatch method_not_allowed'],
  [410, 'session_revoked token_voided'],
  [451, 'geo_not_allowed'],
  [503, 'state_unavailable'],
];

/** Reasons by status, as the specification lists them. */
export const REASONS: Record<string, number> = Object.fromEntries(
  STATUS.flatMap(([status, reasons]) => reasons.split(' ').map((reason) => [reason, status])),
);

export function refuse(reason: string): Expected {
  const status = REASONS[reason];
  if (status === undefined) throw new Error(`no reason ${reason}`);
  return { verdict: 'refuse', status, reason };
}

/** A request vector with what a table leaves out: the usual viewer and a deployment without trouble. */
export function vector(group: string, [name, asked, expected]: Case): RequestVector {
  const { uri, ...more } = asked;
  return {
    name: `${group}: ${name}`,
    deployment: 'main',
    method: 'GET',
    host: HOST,
    uri,
    query: '',
    headers: [['user-agent', AGENT]],
    cookies: [],
    ip: IPV4,
    now: NOW,
    state: 'normal',
    revoked: [],
    ...more,
    expected,
  };
}
