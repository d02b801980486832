/** The outcome of a check in one line, and as diagnostics for programs. */
import type { Trace } from '../../../runtime/verify/trace.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import type { AskedRequest } from './edge-event.ts';
import { hintFor } from './reason-hints.ts';

/** `refused: 401 token_expired`. */
export function verdictLine({ outcome, reason, status, mode, stream }: Trace): string {
  if (outcome === 'refused') return `refused: ${status} ${reason}`;
  if (outcome === 'answered') return `answered: ${status}, a preflight`;
  if (reason !== '') return `forwarded, because the mode is ${mode}; enforced it would be refused: ${reason}`;
  if (stream === undefined) return 'forwarded: the path belongs to no stream';
  if (mode === 'off') return 'forwarded without a check: the mode is off';
  return 'forwarded';
}

/** A refusal is an error, one that the mode holds back a warning. */
export function verdictDiagnostics(trace: Trace, asked: AskedRequest): Diagnostic[] {
  const { outcome, reason, status } = trace;
  if (reason === '') return [];
  const hint = hintFor(reason, asked);
  if (outcome === 'refused')
    return [{ code: 'EP6032', severity: 'error', message: `The edge answers ${status} ${reason}.`, hint }];
  return [{ code: 'EP6033', severity: 'warning', message: `Enforced, the request would be refused: ${reason}.`, hint }];
}
