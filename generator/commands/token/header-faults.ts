import { isKid, kidOf } from '../../../runtime/token/protected-header.ts';
import type { Json } from '../../modules/contract.ts';
import { shortValue } from '../../report/short-value.ts';

/** What the edge refuses in a header that was read; the segment itself has the last word. */
export function headerFaults(header: unknown, segment: string): string[] {
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return ['The header is no JSON object.'];
  const { alg, typ, kid, crit } = header as Record<string, unknown>;
  const found: string[] = [];
  if (alg !== 'HS256') found.push(`The header's "alg" must be "HS256", and is ${shown(alg)}.`);
  if (typ !== undefined && typ !== 'JWT')
    found.push(`The header's "typ" must be "JWT" or absent, and is ${shown(typ)}.`);
  if (crit !== undefined) found.push('The header has "crit", which asks for what the edge does not do.');
  if (typeof kid !== 'string' || !isKid(kid))
    found.push(
      `The header's "kid" must be a key id of 1 to 16 characters of A-Z, a-z, 0-9, "_" and "-", and is ${shown(kid)}.`,
    );
  if (found.length === 0 && kidOf(segment) === '') found.push('The edge does not read this header.');
  return found;
}

function shown(value: unknown): string {
  return value === undefined ? 'absent' : shortValue(value as Json);
}
