/** Diagnostics for people at a terminal, and for CI logs: a code frame with a caret under what is meant. */
import pc from 'picocolors';
import type { Diagnostic } from './diagnostic.ts';

/** More than these only hide the first one, which is usually the cause. */
export const MAX_SHOWN = 20;

export interface PrintOptions {
  color: boolean;
  max?: number;
}

/** Errors first; text ends with a newline unless it is empty. */
export function printDiagnostics(diagnostics: readonly Diagnostic[], { color, max = MAX_SHOWN }: PrintOptions): string {
  const sorted = errorsFirst(diagnostics);
  const shown = sorted.slice(0, max).map((diagnostic) => printOne(diagnostic, color));
  const hidden = sorted.length - shown.length;
  if (hidden > 0) shown.push(`… and ${hidden} more. Mend these first.\n`);
  return shown.join('\n');
}

export function errorsFirst(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const rank = { error: 0, warning: 1, notice: 2 };
  return [...diagnostics].sort((a, b) => rank[a.severity] - rank[b.severity]);
}

function printOne({ severity, code, message, hint, place, environment }: Diagnostic, color: boolean): string {
  const c = pc.createColors(color);
  const paint = { error: c.red, warning: c.yellow, notice: c.cyan }[severity];
  const lines: string[] = [];
  const where = place && [place.file, place.line, place.column].filter((part) => part !== undefined).join(':');
  const head = `${paint(c.bold(severity))} ${c.dim(code)} ${printable(message)}${environment ? c.dim(` (in ${environment})`) : ''}`;
  lines.push(where ? `${c.bold(printable(where))}: ${head}` : head);
  if (place?.sourceLine !== undefined && place.line !== undefined && place.column !== undefined) {
    const { text, column } = window(place.sourceLine, place.column);
    const gutter = String(place.line);
    const blank = ' '.repeat(gutter.length);
    const width = Math.min(place.length ?? 1, Math.max(1, text.length - column + 1));
    lines.push(
      c.dim(`  ${gutter} | `) + text,
      c.dim(`  ${blank} | `) + ' '.repeat(column - 1) + paint('^'.repeat(width)),
    );
  }
  if (hint !== undefined) lines.push(`  ${c.green('hint:')} ${printable(hint)}`);
  return `${lines.join('\n')}\n`;
}

/** The part of a line around a column: a file of one endless line must not flood the terminal. */
function window(line: string, column: number): { text: string; column: number } {
  const text = printable(line.replace(/\t/g, ' '));
  if (text.length <= 160) return { text, column };
  const start = Math.max(0, column - 60);
  return { text: text.slice(start, start + 160), column: column - start };
}

/** Control characters out of a config file must not drive the terminal (or forge a workflow command). */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}
