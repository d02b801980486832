/** `sessions.json`: KeyValueStore keys of revoked sessions. */
import { createHash } from 'node:crypto';
import type { SessionsFile } from '../types.ts';
import { SESSION } from './keys.ts';

/** `r.` and the id; of one over 22 characters the first 16 bytes of its SHA-256. */
export function revocationKeyOf(session: string): string {
  const hash = (): string => createHash('sha256').update(session).digest().subarray(0, 16).toString('base64url');
  return `r.${session.length > 22 ? hash() : session}`;
}

const ids = [
  'cms-session-0001',
  SESSION,
  'AAAAAAAAAAAAAAAAAAAAAA',
  'AAAAAAAAAAAAAAAAAAAAAAA',
  '----____----____----____',
  '6f1c2e7a-90b4-4c58-b1de-2a3f4d5e6c70',
  'x'.repeat(64),
];

export const sessions: SessionsFile = {
  version: 1,
  sessions: ids.map((session) => ({ session, key: revocationKeyOf(session) })),
  noSession: [
    '',
    'fifteen-letters',
    'x'.repeat(65),
    'with.a.dot.in.the.middle',
    'with space in it ',
    'letters-beyond-ASCII-é',
  ],
};
