/** What a rule is: one function that looks at one relation between settings of one environment. */
import type { Environment } from '../../modules/contract.ts';
import type { DiagnosticCode } from '../../report/codes.ts';
import type { Severity } from '../../report/diagnostic.ts';
import { pointerTo } from '../locate.ts';

export interface RuleFinding {
  code: DiagnosticCode;
  severity: Severity;
  /** JSON pointer into the environment's settings. */
  path: string;
  message: string;
  hint: string;
}

export type Rule = (environment: Environment) => RuleFinding[];

/** Builds a pointer from parts: `at('streams', 'live', 'mode')` is `/streams/live/mode`. */
export function at(...parts: (string | number)[]): string {
  return parts.reduce<string>((pointer, part) => pointerTo(pointer, part), '');
}

/** Whether a request path can match both prefixes, `outer` first. */
export function contains(outer: string, inner: string): boolean {
  return inner.startsWith(outer);
}
