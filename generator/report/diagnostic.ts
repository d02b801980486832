/**
 * A diagnostic is data; wording and layout are the printers' business.
 * Everything a user can do wrong ends as one of these; an exception is a bug of ours.
 */
import type { DiagnosticCode } from './codes.ts';

export type Severity = 'error' | 'warning' | 'notice';

/** A position in a text file. `line` and `column` count from 1, as editors do; `length` is in characters on that line. */
export interface Place {
  file: string;
  line?: number;
  column?: number;
  length?: number;
  /** The text of that line, so that a printer can show it with a caret without reading the file again. */
  sourceLine?: string;
}

/** One finding. */
export interface Diagnostic {
  code: DiagnosticCode;
  severity: Severity;
  /** One sentence for people. Never contains a token or a key. */
  message: string;
  /** The next step. */
  hint?: string;
  place?: Place;
  /** JSON pointer into config.yaml of the value concerned, where there is one. */
  path?: string;
  /** Environment in which the finding holds; absent when it holds in all. */
  environment?: string;
}

/** What a stage returns: its value unless an error was found, and all that it found. */
export type Outcome<T> = { ok: true; value: T; diagnostics: Diagnostic[] } | { ok: false; diagnostics: Diagnostic[] };

/** A stage's result: `value` is withheld as soon as one diagnostic is an error. */
export function outcome<T>(value: T, diagnostics: Diagnostic[] = []): Outcome<T> {
  return hasErrors(diagnostics) ? { ok: false, diagnostics } : { ok: true, value, diagnostics };
}

/** A stage that could not make its value. */
export function failed(...diagnostics: Diagnostic[]): { ok: false; diagnostics: Diagnostic[] } {
  return { ok: false, diagnostics };
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
