/** What the families of the corpus are made of: tokens that differ from a good one in one thing, and requests with them. */
import { mac, signToken, type TestKey } from '../helpers/sign.ts';
import { AGENT, type Asked, bind, type Case, claims, IPV4, K1, SESSION, token } from '../runtime/base/world.ts';
import type { DeploymentName } from './deployments.ts';

/** Cases about one attack. Verdicts are written by hand from the specification of the tokens. */
export interface Family {
  attack: string;
  /** `full` unless it says otherwise. */
  deployment?: DeploymentName;
  /** What this engine's JSON parser does otherwise than the standard: the reference is not asked. */
  engine?: true;
  cases: Case[];
}

export const PASS = 'pass /vod/a';
export const MALFORMED = '401 token_malformed';
export const SIGNATURE = '401 signature_invalid';
export const EXPIRED = '401 token_expired';
export const EARLY = '401 token_not_yet_valid';
export const AUDIENCE = '401 audience_mismatch';
export const UNKNOWN = '401 key_unknown';
export const MISSING = '401 token_missing';
export const NOT_ALLOWED = '403 path_not_allowed';
export const POLICY = '403 policy_not_met';
export const MISMATCH = '403 binding_mismatch';
export const GEO = '451 geo_not_allowed';
export const PATH = '400 path_not_canonical';
export const QUERY = '400 query_not_canonical';
export const REVOKED = '410 session_revoked';
export const STATE = '503 state_unavailable';

/** Claims of the good token of stream `vod`, that token, and its parts. */
export const good = claims(['/vod/']);
export const vod = token(good);
export const [HEADER, PAYLOAD, SIGNED] = vod.split('.') as [string, string, string];
export const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** A request for `/vod/a` with a text where the token stands. */
export const at = (text: string): Asked => ({ uri: `/${text}/vod/a` });

/** The good token with claims changed; `undefined` takes one out. */
export const withClaims = (more: Record<string, unknown>, request: Partial<Asked> = {}): Asked => ({
  ...at(token(claims(['/vod/'], more))),
  ...request,
});

/** The good claims under a protected header: an object, or its JSON text as it is. */
export const withHeader = (header: unknown): Asked => at(signToken({ key: K1, claims: good, header }));

/** Header and payload segments as given, signed as they are. */
export const signParts = (header: string, payload: string, key = K1.sign): string =>
  `${header}.${payload}.${mac(key, `${header}.${payload}`)}`;

/** A payload of these characters or bytes under the good header, signed. */
export const withPayload = (content: string | Uint8Array): Asked =>
  at(signParts(HEADER, Buffer.from(content as string).toString('base64url')));

/** The JSON text of the good claims with some of it replaced. */
export function jsonWith(from: string | RegExp, to: string): string {
  const text = JSON.stringify(good).replace(from, () => to);
  if (text === JSON.stringify(good)) throw new Error(`the good claims have no ${from}`);
  return text;
}

/** A token for `/agent/` bound to the headers given by name and value, and a request that sends others. */
export function bound(attributes: [name: string, value: string][], sent: Asked['headers']): Asked {
  const content = claims(['/agent/'], { headers: attributes.map(([name]) => name) });
  const made = bind(
    content,
    attributes.map(([name, value]) => ['h', name, value]),
  );
  return { uri: `/${token(made)}/agent/a`, ...(sent && { headers: sent }) };
}

/** A token for `/device/` bound to parameters, and a request with another query. */
export function asked(parameters: [name: string, value: string][], query: string): Asked {
  const content = claims(['/device/'], { qs: parameters.map(([name]) => name) });
  const made = bind(
    content,
    parameters.map(([name, value]) => ['q', name, value]),
  );
  return { uri: `/${token(made)}/device/a`, query };
}

/** Claims for stream `all` that meet its policy from home, with changes. */
export function everything(more: Record<string, unknown> = {}, key: TestKey = K1): Record<string, unknown> {
  const content = { ssn: SESSION, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'], ...more };
  return bind(
    claims(['/all/ch1/'], content),
    [
      ['i', '4/32', IPV4],
      ['h', 'user-agent', AGENT],
    ],
    key,
  );
}

export const AT_HOME: Asked['headers'] = { 'cloudfront-viewer-country': 'FR' };

/** A table of cases with one verdict. */
export const each = (verdict: string, list: [name: string, request: Asked][]): Case[] =>
  list.map(([name, request]) => [name, request, verdict]);
