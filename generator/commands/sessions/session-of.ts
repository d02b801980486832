/** The session id in what people have at hand: the id itself, a token, or a playback URL. The token goes no further. */
import { isSession } from '../../../runtime/sessions/revocation-row.ts';
import { findToken } from '../token/find-token.ts';

/** `none`: a token or a URL, but without a session. `undefined`: nothing of the kind. */
export type SessionFound = { session: string } | 'none' | undefined;

/** `<session>.<header>.` and what may be left of a token that was cut for a ticket. */
const WITH_SESSION = /^([\w-]{16,64})\.e[\w-]{8,}(?:\.|$)/;

export function sessionOf(given: string): SessionFound {
  const text = given.trim();
  if (isSession(text)) return { session: text };
  const token = findToken(text)?.text;
  if (token === undefined) return /^https?:\/\/./i.test(text) ? 'none' : undefined;
  // Before it is taken for a session: the payload behind it looks like a header.
  if (isHeader(token.split('.', 1)[0] ?? '') && token.includes('.')) return 'none';
  const session = WITH_SESSION.exec(token)?.[1];
  return session === undefined ? undefined : { session };
}

/** Whether a part of a token is JSON, which no session id is. */
function isHeader(part: string): boolean {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null;
  } catch {
    return false;
  }
}

/** Whether somewhere in a text there is a token, or enough of one: header and payload are JSON, and begin alike. */
export function holdsToken(text: string): boolean {
  return /\be[\w-]{10,}\.e[\w-]{10,}/.test(text);
}
