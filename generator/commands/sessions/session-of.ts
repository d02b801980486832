/** The session id in what people have at hand: the id itself, a token, or a playback URL. The token goes no further. */
import { isSession } from '../../../runtime/sessions/revocation-row.ts';
import { findToken } from '../token/find-token.ts';

/** `none`: a token or a URL, but without a session. `undefined`: nothing of the kind. */
export type SessionFound = { session: string } | 'none' | undefined;

/** `<session>.<header>.` and what may be left of a token that was cut for a ticket. */
const WITH_SESSION = /^([\w-]{16,64})\.e[\w-]{8,}(?:\.|$)/;
const WITHOUT = /^e[\w-]{8,}\.[\w-]+\./;

export function sessionOf(given: string): SessionFound {
  const text = given.trim();
  if (isSession(text)) return { session: text };
  const token = findToken(text)?.text;
  if (token === undefined) return /^https?:\/\/./i.test(text) ? 'none' : undefined;
  const session = WITH_SESSION.exec(token)?.[1];
  if (session !== undefined) return { session };
  return WITHOUT.test(token) ? 'none' : undefined;
}
