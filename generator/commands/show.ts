/** Prints what a command found, in the form that was asked for. */
import type { Diagnostic } from '../report/diagnostic.ts';
import { printGitHub } from '../report/github.ts';
import { printJson } from '../report/json.ts';
import { printDiagnostics } from '../report/terminal.ts';
import { type Args, exitFor, type Io } from './command.ts';

/**
 * With `--json` one document on standard output that also holds `result`; otherwise people's text on standard error
 * and, inside GitHub Actions, workflow commands there too: the runner reads both streams, and standard output may be the
 * result that a step takes on. Returns the exit code.
 */
export function show(diagnostics: readonly Diagnostic[], args: Args, io: Io, result?: Record<string, unknown>): number {
  if (args.json) io.stdout(printJson(diagnostics, result));
  else {
    io.stderr(printDiagnostics(diagnostics, { color: io.color }));
    if (io.env.GITHUB_ACTIONS === 'true') io.stderr(printGitHub(diagnostics));
  }
  return exitFor(diagnostics);
}

/** `2 errors, 1 warning`. */
export function tally(diagnostics: readonly Diagnostic[]): string {
  const parts = (['error', 'warning', 'notice'] as const).flatMap((severity) => {
    const count = diagnostics.filter((d) => d.severity === severity).length;
    return count === 0 ? [] : [`${count} ${severity}${count === 1 ? '' : 's'}`];
  });
  return parts.join(', ') || 'nothing to report';
}
