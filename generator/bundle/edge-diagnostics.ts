/** Faults of the proof as diagnostics. */
import type { DiagnosticCode } from '../report/codes.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { EdgeFault, EdgeRule } from './edge-fault.ts';

const CODES: Readonly<Record<EdgeRule, DiagnosticCode>> = {
  size: 'EP3011',
  ascii: 'EP3012',
  syntax: 'EP3012',
  handler: 'EP3013',
  module: 'EP3013',
  feature: 'EP3014',
  async: 'EP3014',
  regexp: 'EP3014',
  await: 'EP3015',
  global: 'EP3016',
  member: 'EP3016',
  console: 'EP3016',
  placeholder: 'EP3017',
  secret: 'EP3018',
};

/**
 * The diagnostic of a fault. Its place is the entry, not the line: that one counts in the emitted text, which nobody has open. The text itself is
 * not quoted, because a line of it may hold the very secret that was found.
 */
export function edgeDiagnostic(fault: EdgeFault, { id, entry }: { id: string; entry: string }): Diagnostic {
  return {
    code: CODES[fault.rule],
    severity: 'error',
    message: `${id}: ${fault.message} (line ${fault.line}, column ${fault.column} of the emitted function)`,
    hint: fault.hint,
    place: { file: entry },
  };
}

/** The recipe's word that an entry does not export `handler`, or does not use `SETTINGS`, as it must. Any other error is thrown on. */
export function edgeShapeFault(error: unknown, { id, entry }: { id: string; entry: string }): Diagnostic {
  const said = error instanceof Error ? /^an edge function (.*)$/.exec(error.message)?.[1] : undefined;
  if (said === undefined) throw error;
  return {
    code: 'EP3013',
    severity: 'error',
    message: `${id}: an edge function ${said}.`,
    hint: 'Export `handler` and nothing else, and use `SETTINGS` once.',
    place: { file: entry },
  };
}
