import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { schemaReference } from '../config/schema-reference.ts';
import { knownModules } from '../project.ts';
import { type Command, EXIT } from './command.ts';
import { show } from './show.ts';

export const schema: Command = {
  name: 'schema',
  summary: 'Write the schema that config.yaml names for the editor, composed of all modules',
  usage: '[--check]',
  options: { check: { type: 'boolean', help: 'Write nothing; exit code 3 when a file is out of date' } },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const root = dirname(resolve(io.cwd, args.config));
    const known = await knownModules(io, root);
    if (!known.ok) return show(known.diagnostics, args, io);
    const files: Record<string, string> = {
      'schema/config.schema.json': `${JSON.stringify(known.value.schema, null, 2)}\n`,
    };
    // The reference page belongs to the package; an operator's repository may have a README of its own there.
    if (root === io.packageRoot) files['schema/README.md'] = schemaReference(known.value.schema);
    const stale: string[] = [];
    for (const [name, content] of Object.entries(files)) {
      const file = join(root, name);
      if ((await readFile(file, 'utf8').catch(() => undefined)) === content) continue;
      stale.push(name);
      if (args.values.check !== true) await replace(file, content);
    }
    show(known.diagnostics, args, io, { [args.values.check ? 'stale' : 'written']: stale });
    if (!args.json)
      io.stderr(
        stale.length === 0
          ? 'The schema is up to date.\n'
          : `${args.values.check ? 'Out of date' : 'Written'}: ${stale.join(', ')}\n`,
      );
    return args.values.check && stale.length > 0 ? EXIT.changes : EXIT.fine;
  },
};

async function replace(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.tmp`, content);
  await rename(`${file}.tmp`, file);
}
