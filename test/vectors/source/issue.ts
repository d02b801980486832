/** From what an issuer is asked to claims: the rules of minting once more, from the text of the specification. */
import { type Attribute, signBinding, signToken, type TestKey } from '../../helpers/sign.ts';
import type { Claims, IssueInput, TokenVector } from '../types.ts';

/** Order in which our issuers write claims: what every check reads comes first. */
export const CLAIM_ORDER = [
  ...['iat', 'exp', 'nbf', 'aud', 'paths', 'exc', 'ssn', 'co', 'co_fallback', 'reg', 'reg_fallback'],
  ...['cty', 'cty_fallback', 'ip', 'ip_ver', 'headers', 'qs', 'intsig', 'sub'],
];

/** Claims in our order; unknown ones behind. What is `undefined` is left out. */
export function inOrder(claims: Claims): Claims {
  const names = [...CLAIM_ORDER, ...Object.keys(claims).filter((name) => !CLAIM_ORDER.includes(name))];
  return Object.fromEntries(names.filter((name) => claims[name] !== undefined).map((name) => [name, claims[name]]));
}

export interface Expectation {
  /** Claims besides times, audience, paths, session and subject, which follow from the input. */
  claims?: Claims;
  /** Attributes that are bound, as the canonical string has them. */
  bound?: Attribute[];
}

/** What comes out for an input; which claims a policy leads to is stated by the caller and not worked out here. */
export function issued(name: string, input: IssueInput, { claims = {}, bound }: Expectation = {}): TokenVector {
  const { key, audience: aud, now: iat, session: ssn, url, policy, subject: sub, exclude: exc } = input;
  const exp = iat + (input.lifetime ?? policy.lifetime);
  const [, scheme, path] = url.match(/^(https:\/\/[^/]+)([^?]*)/) as RegExpMatchArray as [string, string, string];
  const paths = input.paths ?? [path.slice(0, path.lastIndexOf('/') + 1)];
  const intsig = bound && signBinding(key, { aud, iat, exp, ...(ssn !== undefined && { ssn }) }, bound);
  const vector = claimed(name, { iat, exp, aud, paths, exc, ssn, ...claims, intsig, sub }, key);
  return { ...vector, issue: input, url: `${scheme}/${vector.token}${url.slice(scheme.length)}` };
}

/** A token of claims that a policy does not lead to, but that are right. */
export function claimed(name: string, content: Claims, key: TestKey): TokenVector {
  const claims = inOrder(content);
  return { name, kid: key.kid, claims, token: signToken({ key, claims, session: claims.ssn as string | undefined }) };
}
