/** Revoking sessions, and lifting revocations: the rows are those of `edgepass revoke`. */
import type { SessionRevocations } from '../aws/session-revocations.ts';
import { isHeld, type RevocationRow, SKEW } from '../sessions/revocation-row.ts';
import type { Call, Handler } from './api.ts';
import { liveTokenOf } from './playback.ts';
import { Problem } from './problems.ts';

type Found = Awaited<ReturnType<SessionRevocations['find']>>;

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
  const before = manual(await work.revocations.find(session), now);
  // What an operator has said keeps its weight.
  const isOfViewer = mount.kind === 'viewers' && (before === undefined || before.by === 'viewer');
  const asksNothing = reason === undefined && expires === undefined;
  if (asksNothing && before && before.expires >= endAfter(before.created) && (before.by === 'viewer') === isOfViewer)
    return { status: 200, body: { session, state: 'revoked', expires: before.expires } };
  const until = expires ?? endAfter(now);
  await work.revocations.put({
    session,
    state: 'revoked',
    type: 'manual',
    ...(isOfViewer ? { by: 'viewer' } : {}),
    reason: reason ?? usualReason(call),
    created: now,
    expires: until,
  });
  return { status: 200, body: { session, state: 'revoked', expires: until } };
};

/** A row that a person has written, and by which the session is refused. */
function manual(row: Found, now: number): RevocationRow | undefined {
  return row !== undefined && row !== 'malformed' && row.type === 'manual' && isHeld(row, now) ? row : undefined;
}

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
