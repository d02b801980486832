/** How often one viewer may have tokens issued: an access token is no reason to mint without end. */
import { createHash } from 'node:crypto';
import type { Caller } from './api.ts';
import { Problem } from './problems.ts';
import type { Workplace } from './workplace.ts';

/** Seconds in which requests are counted. */
export const RATE_WINDOW = 60;

/** Counts before anything is looked at, so that asking for what is refused counts too. Throws `too-many-requests`. */
export async function limitRate({ rates, settings: { viewerRate } }: Workplace, caller: Caller): Promise<void> {
  if (rates === undefined || viewerRate === undefined) return;
  const key = createHash('sha256')
    .update(caller.subject ?? caller.id)
    .digest('base64url');
  if ((await rates.add(key)) <= viewerRate) return;
  throw new Problem('too-many-requests', {}, { headers: { 'retry-after': String(rates.left()) } });
}
