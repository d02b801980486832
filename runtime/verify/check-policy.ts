import type { Claims } from '../token/claims.ts';
import type { CheckKind, Deployment, ProtectedStream } from './deployment.ts';
import { type Finding, passed, refused } from './steps.ts';
import { quote, seconds } from './words.ts';

/** Step 9, the policy as a floor, as far as it holds for exceptions too: session, lifetime, exceptions. */
export function checkPolicy(claims: Claims, { stream, policy, maxLifetime }: ProtectedStream): Finding {
  const { iat, exp, ssn, exc } = claims;
  if (policy.session && ssn === undefined) {
    return refused('policy_not_met', `Policy ${stream.policy} demands a session, and the token has none.`);
  }
  if (exp - iat > maxLifetime) {
    const detail = `The token lives for ${seconds(exp - iat)}, and at most ${seconds(maxLifetime)} are allowed here.`;
    return refused('policy_not_met', detail);
  }
  const strange = exc?.find((prefix) => !stream.exclude?.includes(prefix));
  if (strange !== undefined) {
    return refused('policy_not_met', `Exception ${quote(strange)} of the token is none of the stream's.`);
  }
  return passed('Session, lifetime and exceptions are as the policy demands.');
}

const ASKS: [keyof Claims, CheckKind][] = [
  ['co', 'countries'],
  ['reg', 'regions'],
  ['cty', 'cities'],
  ['ip', 'ip'],
  ['headers', 'headers'],
  ['qs', 'query'],
];

/**
 * A token may be stricter than its policy, but not in what no policy of the deployment has: the edge function has no code
 * for it and CloudFront sends no headers for it, and a check that cannot be made is not to be skipped.
 */
export function checkBuilt(claims: Claims, { built }: Deployment): Finding {
  const missing = ASKS.find(([claim, kind]) => claims[claim] !== undefined && !built.has(kind));
  if (missing === undefined) return passed('The deployment has every check that the token asks for.');
  return refused('policy_not_met', `"${missing[0]}" asks for a check that no policy of the deployment has.`);
}
