/** Diagnostics as workflow commands, so that GitHub shows them on the line of a pull request. */
import type { Diagnostic } from './diagnostic.ts';
import { errorsFirst, MAX_SHOWN } from './terminal.ts';

/**
 * One `::error file=…,line=…::message` line each, and no more than GitHub would show: ten errors and ten warnings of a step.
 * Source: GitHub Docs, "Workflow commands for GitHub Actions" (escaping of data and of properties).
 */
export function printGitHub(diagnostics: readonly Diagnostic[]): string {
  return errorsFirst(diagnostics)
    .slice(0, MAX_SHOWN)
    .map(({ severity, code, message, hint, place, environment }) => {
      const properties = [
        place && `file=${property(place.file)}`,
        place?.line && `line=${place.line}`,
        place?.column && `col=${place.column}`,
        `title=${property(code)}`,
      ].filter(Boolean);
      const where = environment ? ` (in ${environment})` : '';
      return `::${severity} ${properties.join(',')}::${data(`${message}${where}${hint ? `\n${hint}` : ''}`)}\n`;
    })
    .join('');
}

function data(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function property(text: string): string {
  return data(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
