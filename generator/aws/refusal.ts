/** Carries diagnostics out of the middle of a loop that waits for AWS. `guarded` turns it into an outcome; it goes no further. */
import type { Diagnostic } from '../report/diagnostic.ts';

export class Refusal extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(...diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(({ message }) => message).join(' '));
    this.name = 'Refusal';
    this.diagnostics = diagnostics;
  }
}
