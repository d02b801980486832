import { createHash } from 'node:crypto';
import { type Finding, passed, refused, skipped } from './steps.ts';
import type { World } from './trace.ts';

/** Sessions longer than those we make ourselves are stored by a hash. */
const LITERAL = 22;

function keyOf(session: string): string {
  if (session.length <= LITERAL) return `r.${session}`;
  return `r.${createHash('sha256').update(session).digest().subarray(0, 16).toString('base64url')}`;
}

/** Step 10: is the session revoked? One read, after everything else has passed. */
export function checkRevocation(session: string | undefined, world: World): Finding {
  if (session === undefined) return skipped('The token has no session.');
  const isRevoked = world.hasKey(keyOf(session));
  if (isRevoked === undefined)
    return refused('state_unavailable', 'The store does not say whether the session is revoked.');
  return isRevoked ? refused('session_revoked', 'The session is revoked.') : passed('The session is not revoked.');
}
