/** An Io that collects what a command prints. */
import type { Io } from '../../generator/commands/command.ts';
import { main } from '../../generator/main.ts';
import { root } from './config.ts';

export interface Ran {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command as the terminal would, without colors. `cwd` is where it is started; the package is this checkout unless said otherwise. */
export async function run(argv: readonly string[], io: Partial<Io> & Pick<Io, 'cwd'>): Promise<Ran> {
  const printed = { stdout: '', stderr: '' };
  const code = await main(argv, {
    packageRoot: root,
    version: '0.0.0-test',
    // No environment variable of the developer's decides how a test ends; git is found by PATH.
    env: { PATH: process.env.PATH },
    color: false,
    stdout: (text, taken) => {
      printed.stdout += text;
      taken?.();
    },
    stderr: (text) => {
      printed.stderr += text;
    },
    interrupted: new AbortController().signal,
    ...io,
  });
  return { code, ...printed };
}
