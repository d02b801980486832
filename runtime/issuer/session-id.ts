import { randomFillSync } from 'node:crypto';
import { refuse } from './issue-error.ts';

/** Bytes of a generated id: 128 bits, 22 characters of base64url. */
const SIZE = 16;
/** Asking the operating system once for many ids costs a tenth of asking for each. */
const POOL = 64;

const pool = Buffer.alloc(SIZE * POOL);
let next = pool.length;

/** A new session id, unpredictable: who could guess one could have it revoked. */
export function newSession(): string {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const end = next + SIZE;
  const id = pool.toString('base64url', next, end);
  pool.fill(0, next, end);
  next = end;
  return id;
}

/** A session id that a CMS gives: 16–64 characters of `A-Za-z0-9_-`. Shorter ones can be guessed. */
const SESSION = /^[\w-]{16,64}$/;

/** Returns a given id, or throws `session_invalid`. */
export function checkSession(session: unknown): string {
  if (typeof session === 'string' && SESSION.test(session)) return session;
  return refuse('session_invalid', 'A session id has 16 to 64 characters of A-Z, a-z, 0-9, "_" and "-".');
}
