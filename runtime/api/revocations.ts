/** Revoking sessions, and lifting revocations: the rows are those of `edgepass revoke`. */
import { isHeld } from '../sessions/revocation-row.ts';
import type { Call, Handler } from './api.ts';
import { liveTokenOf } from './playback.ts';
import { Problem } from './problems.ts';

/** Clocks of issuer and edge may differ by as much (`iat ≤ now + 120`). */
const SKEW = 120;

/** Doing it again changes nothing, unless a service asks for another end or reason. */
export const revokeSession: Handler = async (call) => {
  const { work, mount, input } = call;
  if (mount.kind === 'viewers') await liveTokenOf(call);
  const session = input.parameters.session as string;
  const now = work.now();
  const { reason, expires } = input.body as { reason?: string; expires?: number };
  if (expires !== undefined && expires <= now) throw new Problem('expires-too-early');
  /** A session that is revoked gets no more tokens: all that there are have ended by then. */
  const endAfter = (time: number): number => time + work.settings.longestLifetime + SKEW;
  const asksNothing = reason === undefined && expires === undefined;
  const before = await work.revocations.find(session);
  const isForGood =
    before !== undefined &&
    before !== 'malformed' &&
    before.type === 'manual' &&
    isHeld(before, now) &&
    before.expires >= endAfter(before.created);
  if (asksNothing && isForGood) return { status: 200, body: { session, state: 'revoked', expires: before.expires } };
  const until = expires ?? endAfter(now);
  await work.revocations.put({
    session,
    state: 'revoked',
    type: 'manual',
    reason: reason ?? usualReason(call),
    created: now,
    expires: until,
  });
  return { status: 200, body: { session, state: 'revoked', expires: until } };
};

export const liftRevocation: Handler = async ({ work, input }) => {
  const session = input.parameters.session as string;
  if (!(await work.revocations.lift(session))) {
    const row = await work.revocations.find(session);
    if (row === undefined || row === 'malformed' || row.state !== 'lifted') throw new Problem('revocation-not-found');
  }
  return { status: 200, body: { session, state: 'lifted' } };
};

function usualReason({ mount }: Call): string {
  return mount.kind === 'viewers' ? 'revoked by the viewer' : 'revoked by a service';
}
