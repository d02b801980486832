import { resolve } from 'node:path';
import { generateAll } from '../generate.ts';
import { type Written, write } from '../output/writer.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { hasErrors } from '../report/diagnostic.ts';
import { type Args, type Command, EXIT, type Io } from './command.ts';
import { open } from './open.ts';
import { show } from './show.ts';
import { watch } from './watch.ts';

export const generate: Command = {
  name: 'generate',
  summary: 'Write templates and functions of every environment to the output folder',
  usage: '[--env <environment>] [--watch]',
  options: {
    env: { type: 'string', help: 'Generate one environment only' },
    watch: { type: 'boolean', help: 'Stay, and generate again when a source changes' },
  },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    if (args.values.watch !== true) return once(args, io);
    await watch({ args, io, again: () => once(args, io) });
    return EXIT.fine;
  },
};

async function once(args: Args, io: Io): Promise<number> {
  const { written, diagnostics } = await generateOnce(args, io);
  const code = show(diagnostics, args, io, { environments: written });
  if (!args.json) for (const line of summary(written, hasErrors(diagnostics))) io.stderr(`${line}\n`);
  return code;
}

async function generateOnce(args: Args, io: Io): Promise<{ written: Written[]; diagnostics: Diagnostic[] }> {
  const opened = await open(args, io);
  if (!opened.ok) return { written: [], diagnostics: opened.diagnostics };
  const generated = await generateAll(opened.value, { cwd: io.cwd });
  const diagnostics = [...opened.diagnostics, ...generated.diagnostics];
  if (!generated.ok) return { written: [], diagnostics };
  const trees = generated.value.map(({ tree }) => tree);
  const written = await write(trees, { folder: resolve(io.cwd, args.out), shown: args.out });
  return { written: written.ok ? written.value : [], diagnostics: [...diagnostics, ...written.diagnostics] };
}

function summary(written: readonly Written[], failed: boolean): string[] {
  if (failed) return ['Nothing was written.'];
  return written.map(
    ({ folder, changed, digest }) => `${folder}  ${changed ? 'written' : 'unchanged'}  ${digest.slice(0, 12)}`,
  );
}
