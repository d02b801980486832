/**
 * Whether a token is live: what the edge checks of it before it looks at the request, by the same keys. Whether its session is
 * revoked is asked elsewhere, of the table.
 */
import { decodeState } from '../keys/state.ts';
import type { Reason } from '../token/verdict.ts';
import { parseJson } from '../verify/base64url.ts';
import { checkAudience, checkTimes, checkVoid } from '../verify/check-times.ts';
import { checkTypes } from '../verify/claim-types.ts';
import { splitToken } from '../verify/split-token.ts';
import type { Finding } from '../verify/steps.ts';
import { checkHeader } from '../verify/token-header.ts';
import { checkKey, checkSignature } from '../verify/verify-signature.ts';
import { Problem } from './problems.ts';
import type { Workplace } from './workplace.ts';

/** What a live token of a session says, as far as it concerns the API. */
export interface LiveToken {
  session: string;
  subject?: string;
  /** What the API left itself there. */
  context?: string;
}

/** The longest token that the edge reads is half of that. */
const MAX_TOKEN = 4096;

/** Throws `token-refused` with the edge's reason, `session-mismatch`, `temporarily-unavailable`. */
export async function readLiveToken(work: Workplace, text: string, session: string | undefined): Promise<LiveToken> {
  const parts = text.length > MAX_TOKEN ? undefined : splitToken(text);
  if (parts === undefined) return refuse('token_malformed');
  const [header, kid] = checkHeader(parts.header);
  pass(header);
  const state = decodeState((await work.state()) ?? '');
  if (state === null || state.audience !== work.settings.audience)
    throw new Problem('temporarily-unavailable', { reason: 'state_unavailable' });
  const [known, key] = checkKey(state, kid);
  pass(known);
  if (key === undefined) return refuse('key_unknown');
  pass(checkSignature(parts, key));
  const payload = parseJson(parts.payload);
  const [typed, claims] = checkTypes(payload);
  pass(typed);
  if (claims === undefined || claims.ssn !== parts.session) return refuse('token_malformed');
  pass(checkAudience(claims, state.audience));
  pass(checkTimes(claims, work.now()));
  pass(checkVoid(claims, state.voidBefore));
  if (claims.ssn === undefined || claims.ssn !== session) throw new Problem('session-mismatch');
  const { sub, ctx } = payload as { sub?: unknown; ctx?: unknown };
  return {
    session: claims.ssn,
    ...(typeof sub === 'string' ? { subject: sub } : {}),
    ...(typeof ctx === 'string' ? { context: ctx } : {}),
  };
}

function pass({ reason }: Finding): void {
  if (reason !== undefined) refuse(reason);
}

function refuse(reason: Reason): never {
  throw new Problem('token-refused', { reason });
}
