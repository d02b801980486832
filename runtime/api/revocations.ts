/** Revoking sessions, and lifting revocations: the rows are those of `edgepass revoke`. */
import { isHeld, type RevocationRow, SKEW } from '../sessions/revocation-row.ts';
import type { Reply } from './answers.ts';
import type { Call, Handler } from './api.ts';
import { liveTokenOf } from './playback.ts';
import { RETRY } from './problem-of.ts';
import { Problem } from './problems.ts';

/** How often a row is read again that somebody else has changed in between. */
const TRIES = 5;

/** Doing it again changes nothing, unless a service asks for another end or reason. */
export const revokeSession: Handler = async (call) => {
  const { work, mount, input } = call;
  if (mount.kind === 'viewers') await liveTokenOf(call);
  const session = input.parameters.session as string;
  const { expires } = input.body as Stated;
  if (expires !== undefined && expires <= work.now()) throw new Problem('expires-too-early');
  for (let i = 0; i < TRIES; i++) {
    const found = await work.revocations.find(session);
    const before = found === undefined || found === 'malformed' ? undefined : found;
    const row = nextRow(call, before);
    if (row === before || (await work.revocations.put(row, found))) return revoked(row);
  }
  throw new Problem('temporarily-unavailable', {}, { headers: RETRY });
};

interface Stated {
  reason?: string;
  expires?: number;
}

/** The row as it should be; the one that there is where nothing changes. */
function nextRow({ work, mount, input }: Call, found: RevocationRow | undefined): RevocationRow {
  const now = work.now();
  const held = found !== undefined && isHeld(found, now) && found.expires > now ? found : undefined;
  // What a person has said.
  const before = held?.type === 'manual' ? held : undefined;
  const { reason, expires } = input.body as Stated;
  /** A session that is revoked gets no more tokens: all that there are have ended by then. */
  const endAfter = (time: number): number => time + work.settings.longestLifetime + SKEW;
  const isForGood = before !== undefined && before.expires >= endAfter(before.created);
  const isOfViewer = mount.kind === 'viewers';
  // What others have said is not a viewer's to change; that their own session stays dead is.
  if (isOfViewer && before !== undefined && before.by !== 'viewer')
    return isForGood ? before : { ...before, expires: endAfter(now) };
  const usualEnd = isForGood ? before.expires : Math.max(held?.expires ?? 0, endAfter(now));
  const usualReason = isOfViewer ? 'revoked by the viewer' : 'revoked by a service';
  const row: RevocationRow = {
    session: input.parameters.session as string,
    state: 'revoked',
    type: 'manual',
    ...(isOfViewer ? { by: 'viewer' } : {}),
    // Viewers have no words of their own that would be lost.
    reason: reason ?? (before === undefined || before.by === 'viewer' ? usualReason : before.reason),
    created: before?.created ?? now,
    expires: expires ?? usualEnd,
  };
  const isSame = before?.by === row.by && before?.reason === row.reason && before.expires === row.expires;
  return before !== undefined && isSame ? before : row;
}

function revoked({ session, expires }: RevocationRow): Reply {
  return { status: 200, body: { session, state: 'revoked', expires } };
}

export const liftRevocation: Handler = async ({ work, input }) => {
  const session = input.parameters.session as string;
  if (!(await work.revocations.lift(session))) {
    const row = await work.revocations.find(session);
    if (row === undefined || row === 'malformed' || row.state !== 'lifted') throw new Problem('revocation-not-found');
  }
  return { status: 200, body: { session, state: 'lifted' } };
};
