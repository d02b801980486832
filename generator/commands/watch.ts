/** `--watch`: runs a command again when one of its sources changes, until the user interrupts. */
import { dirname, join, resolve } from 'node:path';
import type { Args, Io } from './command.ts';

/** Editors save in several steps; what comes within this time is one change. */
const SETTLE_MS = 80;

/** Resolves when interrupted. Runs never overlap: a change during a run makes one more run after it. */
export async function watch({ args, io, again }: { args: Args; io: Io; again: () => Promise<unknown> }): Promise<void> {
  const { watch: observe } = await import('chokidar');
  const config = resolve(io.cwd, args.config);
  const roots = [...new Set([dirname(config), io.packageRoot])];
  const sources = [
    config,
    ...roots.flatMap((root) => ['templates', 'runtime', 'schema'].map((name) => join(root, name))),
  ];
  const watcher = observe(sources, { ignoreInitial: true });
  let timer: NodeJS.Timeout | undefined;
  // What one run throws is told, and the next change is run all the same.
  const told = (): Promise<unknown> =>
    again().catch((error) => io.stderr(`edgepass: ${error instanceof Error ? error.message : error}\n`));
  let running = new Promise<void>((done) => watcher.once('ready', done)).then(told);
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(told);
    }, SETTLE_MS);
  });
  await running;
  io.stderr(`Watching ${args.config}, templates and runtime. Ctrl-C ends.\n`);
  await new Promise<void>((done) => {
    if (io.interrupted.aborted) done();
    io.interrupted.addEventListener('abort', () => done(), { once: true });
  });
  clearTimeout(timer);
  await watcher.close();
  await running;
}
