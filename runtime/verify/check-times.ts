import { type Claims, MAX_SKEW } from '../token/claims.ts';
import { type Finding, passed, refused } from './steps.ts';
import { quote, quoteAll, seconds } from './words.ts';

/** The token is for this deployment. */
export function checkAudience({ aud }: Claims, audience: string): Finding {
  const list = typeof aud === 'string' ? [aud] : aud;
  return list.includes(audience)
    ? passed(`The token is for ${quote(audience)}.`)
    : refused('audience_mismatch', `The token is for ${quoteAll(list)} and not for ${quote(audience)}.`);
}

/** The token is not over, and has begun. `now` in seconds since 1970, with a fraction. No leeway but for `iat`. */
export function checkTimes({ iat, nbf, exp }: Claims, now: number): Finding {
  if (exp <= now) return refused('token_expired', `The token expired ${seconds(now - exp)} ago.`);
  if (iat > now + MAX_SKEW) {
    return refused('token_not_yet_valid', `The token was issued ${seconds(iat - now)} in the future.`);
  }
  if (nbf !== undefined && nbf > now) {
    return refused('token_not_yet_valid', `The token is not valid before ${seconds(nbf - now)} from now.`);
  }
  return passed(`The token is valid for ${seconds(exp - now)} more.`);
}

/** The operator has not voided tokens of that time. */
export function checkVoid({ iat }: Claims, voidBefore: number): Finding {
  if (iat < voidBefore) {
    const detail = `Tokens issued before ${voidBefore} are void, and this one was ${seconds(voidBefore - iat)} before it.`;
    return refused('token_voided', detail);
  }
  return passed(voidBefore === 0 ? 'No tokens are void.' : 'The token was not issued before void-before.');
}
