import { parseJson } from './base64url.ts';
import { type Finding, passed, refused } from './steps.ts';

/** Key ids of this product. */
const KID = /^[A-Za-z0-9_-]{1,16}$/;

/**
 * Step 6: an object with `alg` exactly `HS256`, `typ` absent or `JWT`, no `crit`, and a key id. Members are read as own
 * data; of duplicate ones the last counts, as `JSON.parse` has it.
 */
export function checkHeader(segment: string): [Finding, kid: string] {
  const wrong = (detail: string): [Finding, string] => [refused('token_malformed', `The header ${detail}.`), ''];
  const value = parseJson(segment);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong('is no JSON object');
  const header = new Map<string, unknown>(Object.entries(value));
  if (header.get('alg') !== 'HS256') return wrong('has another "alg" than HS256');
  if (header.has('typ') && header.get('typ') !== 'JWT') return wrong('has another "typ" than JWT');
  if (header.has('crit')) return wrong('has "crit"');
  const kid = header.get('kid');
  if (typeof kid !== 'string' || !KID.test(kid)) return wrong('has no "kid" of 1 to 16 of A-Za-z0-9_-');
  return [passed(`HS256, key "${kid}".`), kid];
}
