/** Diagnostics for programs. */
import type { Diagnostic } from './diagnostic.ts';

/** One JSON document: `{ok, diagnostics, …result}`, newline at the end. The fields of a diagnostic are those of its type. */
export function printJson(diagnostics: readonly Diagnostic[], result: Record<string, unknown> = {}): string {
  const ok = !diagnostics.some((d) => d.severity === 'error');
  return `${JSON.stringify({ ok, ...result, diagnostics }, null, 2)}\n`;
}
