// biome-ignore-all lint/style/useTemplate: at the edge a template costs twice as much as `+`
import { crypto } from './crypto.ts';

/** Session ids of our own are this long; longer ones (a CMS may give its own) are hashed to the same length. */
const LITERAL = 22;

/**
 * KeyValueStore key of a revoked session: `r.<session>`, of ids over 22 characters a 16-byte SHA-256 hash, base64url.
 * Written by the revocation worker, read by the edge.
 */
export function revocationKey(session: string): string {
  if (session.length <= LITERAL) return 'r.' + session;
  return `r.${crypto.createHash('sha256').update(session).digest().subarray(0, 16).toString('base64url')}`;
}
