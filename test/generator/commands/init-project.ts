/** An empty folder to start a project in, and somebody who answers questions. */
import { mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../../../generator/commands/command.ts';
import { type Ran, run } from '../../helpers/fake-io.ts';
import { filesIn } from '../../helpers/toy-project.ts';

export interface InitFolder {
  /** Folder in which the command is started. */
  folder: string;
  init(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  run(argv: readonly string[]): Promise<Ran>;
  files(): Promise<Record<string, string>>;
  /** Text of the new config.yaml. */
  config(): Promise<string>;
}

export async function initFolder(): Promise<InitFolder> {
  const folder = await temporaryFolder();
  return {
    folder,
    init: (argv, io) => run(['init', ...argv], { cwd: folder, ...io }),
    run: (argv) => run(argv, { cwd: folder }),
    files: () => filesIn(folder),
    config: () => readFile(join(folder, 'config.yaml'), 'utf8'),
  };
}

/** Goes when the test ends. */
export async function temporaryFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'edgepass-init-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Options that answer everything; by long name, so that a test can change one. */
export const COMPLETE: Readonly<Record<string, string>> = {
  project: 'acme-video',
  env: 'dev',
  account: '111111111111',
  region: 'eu-west-1',
  origin: 'origin.example.com',
  path: '/live/',
  lifetime: '4h',
};

export function options(changes: Record<string, string | undefined> = {}): string[] {
  return Object.entries({ ...COMPLETE, ...changes }).flatMap(([name, value]) =>
    value === undefined ? [] : [`--${name}=${value}`],
  );
}

/** Somebody at a terminal who types these lines and then leaves. */
export function typing(...lines: string[]): Partial<Io> {
  async function* stdin(): AsyncGenerator<string> {
    for (const line of lines) yield `${line}\n`;
  }
  return { interactive: true, stdin: stdin() };
}
