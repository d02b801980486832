import { decodeSegment, parseJson } from './decode-segment.ts';

/**
 * Key ids: 1–16 characters, so that five keys fit the edge state. In these files `$` has `(?!\n)` behind it, because the
 * edge's engine lets `$` match in front of a newline at the end.
 */
const KID = /^[\w-]{1,16}$(?!\n)/;

/** Whether a value can be a key id. */
export function isKid(value: unknown): value is string {
  return typeof value === 'string' && value.search(KID) === 0;
}

/** The header segment that our issuers write for a key. Any other member order and spacing is accepted as well. */
export function headerSegment(kid: string): string {
  return Buffer.from(`{"alg":"HS256","typ":"JWT","kid":"${kid}"}`).toString('base64url');
}

/**
 * Key id named by a header segment; `''` when the header is not one of ours: an object with `alg` exactly `HS256`, `typ`
 * absent or `JWT`, no `crit`. Of duplicate members the last one counts, as `JSON.parse` has it.
 */
export function kidOf(segment: string): string {
  // Anything but an object has none of these members.
  const header = (parseJson(decodeSegment(segment)) || '') as { [member: string]: unknown };
  const typ = header.typ;
  const kid = header.kid;
  return header.alg === 'HS256' && header.crit === undefined && (typ === undefined || typ === 'JWT') && isKid(kid)
    ? kid
    : '';
}
