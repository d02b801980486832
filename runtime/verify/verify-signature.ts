import { createHmac, timingSafeEqual } from 'node:crypto';
import type { EdgeKey, EdgeState } from '../keys/state.ts';
import type { TokenParts } from './split-token.ts';
import { type Finding, passed, refused } from './steps.ts';
import { count } from './words.ts';

/** The key of a key id: looked up in a list, so that no id can be the name of something every object has. */
export function checkKey(state: EdgeState, kid: string): [Finding, EdgeKey | undefined] {
  const key = state.keys.find((one) => one.kid === kid);
  if (key !== undefined) return [passed(`Key "${kid}" is live.`), key];
  return [refused('key_unknown', `Key "${kid}" is none of the ${count(state.keys.length, 'live key')}.`), undefined];
}

/** Step 8: HMAC-SHA256 over the bytes of header and payload exactly as they came, before the payload is parsed. */
export function checkSignature(token: TokenParts, key: EdgeKey): Finding {
  const expected = createHmac('sha256', Buffer.from(key.sign, 'base64url'))
    .update(`${token.header}.${token.payload}`)
    .digest();
  const given = Buffer.from(token.signature, 'base64url');
  const isSame = given.length === expected.length && timingSafeEqual(given, expected);
  return isSame
    ? passed(`It was made with key "${key.kid}".`)
    : refused('signature_invalid', `It was not made over this text with key "${key.kid}".`);
}
