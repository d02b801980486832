/** Who may use the demo: who knows its access code. It issues tokens, so it is never open to everybody. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { WindowCounter } from '../aws/window-counter.ts';
import { networkOfViewer, WINDOW } from './attempts.ts';

/** Wrong codes that a network may try in one window. A code has 190 random bits: this is about cost, not about guessing. */
export const MAX_ATTEMPTS = 10;

export type Access = 'granted' | 'wrong-code' | 'too-many-codes';

export interface AccessOptions {
  /** The code as it is now. */
  code(): Promise<string>;
  /** Wrong codes by network. */
  attempts: Pick<WindowCounter, 'count' | 'add'>;
}

/** Counts before it compares: a network that has guessed too often learns nothing more, not even that it was right. */
export async function checkAccess(
  { code, attempts }: AccessOptions,
  { given, address }: { given: string; address: string },
): Promise<Access> {
  // The page asks without a code at first; that is no guess.
  if (given === '') return 'wrong-code';
  const network = networkOfViewer(address);
  if ((await attempts.count(network)) >= MAX_ATTEMPTS) return 'too-many-codes';
  if (isSame(given, await code())) return 'granted';
  await attempts.add(network);
  return 'wrong-code';
}

/** In a time that does not depend on where two texts differ, or on their lengths. */
function isSame(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

const PROBLEMS = {
  'wrong-code': { status: 401, title: 'The access code is missing or wrong.' },
  'too-many-codes': { status: 429, title: 'Too many wrong access codes came from this network.' },
} as const;

interface Refused {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** The answer (RFC 9457) to who is not let in. */
export function refuseAccess(access: Exclude<Access, 'granted'>): Refused {
  const { status, title } = PROBLEMS[access];
  const headers: Record<string, string> = { 'content-type': 'application/problem+json', 'cache-control': 'no-store' };
  if (status === 429) headers['retry-after'] = String(WINDOW);
  return { statusCode: status, headers, body: JSON.stringify({ type: `/problems/${access}`, title, status }) };
}
