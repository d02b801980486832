import { parseSegment } from './parse-segment.ts';

/**
 * Key ids: 1–16 characters, so that five keys fit the edge state. In these files `$` has `(?!\n)` behind it, because the
 * edge's engine lets `$` match in front of a newline at the end.
 */
const KID = /^[\w-]{1,16}$(?!\n)/;

/** Whether a text can be a key id. */
export function isKid(text: string): boolean {
  return text.search(KID) === 0;
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
  const header = parseSegment(segment, false) as { [member: string]: unknown } | null | undefined;
  // An array has no `alg`.
  if (typeof header !== 'object' || header === null || header.alg !== 'HS256' || header.crit !== undefined) return '';
  if (header.typ !== undefined && header.typ !== 'JWT') return '';
  const kid = header.kid;
  return typeof kid === 'string' && kid.search(KID) === 0 ? kid : '';
}
