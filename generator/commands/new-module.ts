import { dirname, resolve } from 'node:path';
import { starterFiles } from '../modules/starter-files.ts';
import { writeModule } from '../modules/write-module.ts';
import { type Command, UsageError } from './command.ts';
import { show } from './show.ts';

/** What `discover` takes, and stack names that read well. */
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const MAX_ID = 31;
const MAX_TITLE = 60;

export const newModule: Command = {
  name: 'new-module',
  summary: 'Start a module: its two folders, ready to fill in',
  usage: '<id> [--title <title>]',
  options: { title: { type: 'string', help: 'Name for people (default: made from the id)' } },
  positionals: { min: 1, max: 1 },
  async run(args, io) {
    const id = args.positionals[0] ?? '';
    if (!ID.test(id) || id.length > MAX_ID)
      throw new UsageError(
        `\`${id}\` is not a possible module id.`,
        `Use lower-case letters, digits and single dashes, at most ${MAX_ID} characters, a letter first.`,
      );
    const title = (args.values.title as string | undefined) ?? titleOf(id);
    if (title.trim() === '' || title.length > MAX_TITLE || /\p{Cc}/u.test(title))
      throw new UsageError('That is not a possible title.', `Use one line of at most ${MAX_TITLE} characters.`);
    const root = dirname(resolve(io.cwd, args.config));
    const { packageRoot } = io;
    const files = await starterFiles({ packageRoot, id, title, inPackage: root === packageRoot });
    const written = await writeModule({ id, root, packageRoot, files });
    const code = show(written.diagnostics, args, io, { written: written.ok ? written.value : [] });
    if (written.ok && !args.json) io.stderr(nextSteps(id, written.value));
    return code;
  },
};

function titleOf(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function nextSteps(id: string, written: readonly string[]): string {
  return `${written.map((file) => `written  ${file}\n`).join('')}
The module works as it is. Next:
  1. Make it yours: settings in templates/${id}/schema.json, all else begins in templates/${id}/module.ts.
  2. edgepass schema                  the editor then knows its settings
  3. Switch it on in config.yaml      modules: {${id}: {}}
  4. edgepass generate
To be rid of it, delete templates/${id} and runtime/${id} and what config.yaml says about it.
`;
}
