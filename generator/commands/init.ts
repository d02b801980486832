import { basename, dirname, join, relative, resolve } from 'node:path';
import { hasErrors } from '../report/diagnostic.ts';
import { type Args, type Command, type Io, UsageError } from './command.ts';
import { GIVEN_OPTIONS } from './init/given-options.ts';
import { makeConfig } from './init/make-config.ts';
import { projectFiles } from './init/project-files.ts';
import { writeProject } from './init/write-project.ts';
import { show } from './show.ts';

export const init: Command = {
  name: 'init',
  summary: 'Start a project: config.yaml and what belongs beside it',
  usage: '[<folder>] [--from <file>] [--set <key>=<value>]…',
  options: {
    ...GIVEN_OPTIONS,
    from: {
      type: 'string',
      value: 'file',
      help: 'Import the settings file of another installation (- for standard input)',
    },
    yes: { type: 'boolean', short: 'y', help: 'Ask nothing: what options do not say is an error' },
    'no-pipelines': { type: 'boolean', help: 'Write no GitHub workflows' },
  },
  positionals: { min: 0, max: 1 },
  details: `At a terminal it asks for what the options do not say; elsewhere it lists that, with the option for each.
Nothing that exists is overwritten, and on an error nothing is written at all.

--from reads the solution.context.json of "Secure Media Delivery at the Edge on AWS".`,
  async run(args, io) {
    const root = resolve(io.cwd, args.positionals[0] ?? '.');
    const config = basename(args.config);
    if (dirname(resolve(root, args.config)) !== root)
      throw new UsageError('--config names a file in another folder.', 'Name the folder: edgepass init <folder>.');
    // It becomes part of scripts and of what the next steps say.
    if (!/^\w[\w.-]{0,99}$/.test(config))
      throw new UsageError('That is not a possible name for the configuration file.', 'Leave out --config.');
    const { packageRoot, version } = io;
    const pipelines = args.values['no-pipelines'] !== true;
    const { files, diagnostics } = await projectFiles({ root, packageRoot, version, config, pipelines });
    if (hasErrors(diagnostics)) return show(diagnostics, args, io, { written: [] });
    const made = await makeConfig({ args, io, root, config });
    const found = [...diagnostics, ...made.diagnostics];
    if (!made.ok) return show(found, args, io, { written: [] });
    const written = await writeProject(root, [...files, { path: config, action: 'create', content: made.value }]);
    const code = show([...found, ...written.diagnostics], args, io, { written: written.ok ? written.value : [] });
    if (written.ok && !args.json) printNext({ args, io, root, written: written.value, quiet: found.length === 0 });
    return code;
  },
};

interface Next {
  args: Args;
  io: Io;
  root: string;
  written: readonly string[];
  /** Whether nothing was printed before. */
  quiet: boolean;
}

function printNext({ args, io, root, written, quiet }: Next): void {
  const folder = relative(io.cwd, root);
  const option = args.config === 'config.yaml' ? '' : ` --config ${basename(args.config)}`;
  const steps = [
    ...(folder === '' ? [] : [`cd ${/^[\w./-]+$/.test(folder) ? folder : `'${folder.replaceAll("'", `'\\''`)}'`}`]),
    'npm install',
    `npx edgepass validate${option}`,
    `npx edgepass generate${option}`,
  ];
  io.stderr(
    `${quiet ? '' : '\n'}${[...written]
      .sort()
      .map((path) => `written  ${join(folder, path)}\n`)
      .join('')}
Next:
${steps.map((step) => `  ${step}\n`).join('')}`,
  );
}
