/** Writes a comment, and its long form, where the arguments want them. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import type { Args, Io } from '../command.ts';

export interface Texts {
  short: string;
  full(): string;
}

/** Without `--file` to standard output. Faults: EP7802. */
export async function writeTexts(args: Args, io: Io, { short, full }: Texts): Promise<Outcome<true>> {
  const wanted: [name: string | undefined, text: () => string][] = [
    [args.values.file as string | undefined, () => short],
    [args.values.full as string | undefined, full],
  ];
  for (const [name, text] of wanted) {
    if (name === undefined) continue;
    try {
      const file = resolve(io.cwd, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text());
    } catch (error) {
      const message = `${name} cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`;
      return failed({ code: 'EP7802', severity: 'error', message, hint: 'Name another file.' });
    }
  }
  if (args.values.file === undefined && !args.json) io.stdout(short);
  return outcome(true);
}
