/** How much of the KeyValueStore revocations may fill. Limits: CloudFront Developer Guide, "Quotas on key value stores". */
import { revocationKey } from '../token/revocation.ts';

const MAX_STORE = 5 * 1024 * 1024;

/** The rest is for the edge state, and for the alarm to be heard in time. */
export const MAX_REVOCATIONS = Math.floor(MAX_STORE * 0.9);

/** Shortest value; its being there is what counts. */
export const REVOKED = '1';

/** Bytes of one revoked session at most, so that 188,000 fit. */
export const MOST = 25;

export function bytesOf(session: string): number {
  return revocationKey(session).length + REVOKED.length;
}

/** Those of sessions, weightiest first, for which there is room. */
export function whatFits(sessions: readonly string[], room: number): string[] {
  let left = room;
  const end = sessions.findIndex((session) => {
    left -= bytesOf(session);
    return left < 0;
  });
  return end === -1 ? [...sessions] : sessions.slice(0, end);
}
