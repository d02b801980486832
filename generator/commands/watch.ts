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
  await again();
  const watcher = observe(sources, { ignoreInitial: true });
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<unknown> = Promise.resolve();
  watcher.on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(again);
    }, SETTLE_MS);
  });
  await new Promise<void>((done) => watcher.once('ready', done));
  io.stderr(`Watching ${args.config}, templates and runtime. Ctrl-C ends.\n`);
  await new Promise<void>((done) => {
    if (io.interrupted.aborted) done();
    io.interrupted.addEventListener('abort', () => done(), { once: true });
  });
  clearTimeout(timer);
  await watcher.close();
  await running;
}
