import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { bucketName } from '../aws/bucket.ts';
import type { Release } from '../aws/release.ts';
import { deploymentFile as textOf } from '../output/deployment-file.ts';
import type { ManifestStack } from '../output/manifest.ts';
import { failed, type Outcome, outcome } from '../report/diagnostic.ts';
import { nearest } from '../report/nearest.ts';
import { ENV_OPTION, releaseOf } from './aws-session.ts';
import { type Args, type Command, UsageError } from './command.ts';
import { show } from './show.ts';

export const deploymentFile: Command = {
  name: 'deployment-file',
  summary: 'Write the deployment file of a stack for CloudFormation Git sync',
  usage: '--stack <stack> [--env <environment>] [--parameter <name>=<value>]… [--file <file>]',
  options: {
    ...ENV_OPTION,
    stack: { type: 'string', help: 'Stack, as `edgepass status` names it' },
    parameter: { type: 'string', multiple: true, value: 'name=value', help: 'Value of a parameter of the template' },
    template: {
      type: 'string',
      value: 'path',
      help: 'Where the template is in the repository (default: as generated)',
    },
    file: { type: 'string', value: 'file', help: 'Write it to a file instead of standard output' },
  },
  positionals: { min: 0, max: 0 },
  details: 'Git sync deploys a template as it is committed: commit the output folder, or the template at --template.',
  async run(args, io) {
    const name = args.values.stack as string | undefined;
    if (name === undefined) throw new UsageError('no stack is named.', 'Name it: --stack <stack>.');
    const given = parametersIn(args.lists.parameter ?? []);
    const release = await releaseOf(args, io);
    if (!release.ok) return show(release.diagnostics, args, io);
    const stack = stackOf(release.value, name);
    if (!stack.ok) return show(stack.diagnostics, args, io);
    const { manifest, shown } = release.value;
    const made = textOf(manifest, stack.value, {
      template: templatePath(args) ?? `${shown.replaceAll('\\', '/')}/${stack.value.template}`,
      given,
      bucket: bucketName({ account: manifest.account, region: stack.value.region }),
    });
    const file = args.values.file as string | undefined;
    const written = made.ok && file !== undefined ? await write(resolve(io.cwd, file), made.value) : undefined;
    const diagnostics = [...made.diagnostics, ...(written?.diagnostics ?? [])];
    const code = show(diagnostics, args, io, made.ok ? { text: made.value } : {});
    if (made.ok && file === undefined && !args.json) io.stdout(made.value);
    return code;
  },
};

function templatePath({ values }: Args): string | undefined {
  return values.template as string | undefined;
}

function parametersIn(list: readonly string[]): Record<string, string> {
  const pairs = list.map((text): [string, string] => {
    const [, name, value] = /^([A-Za-z0-9]{1,255})=([\s\S]*)$/.exec(text) ?? [];
    if (name === undefined || value === undefined)
      throw new UsageError('--parameter has another form.', 'Write --parameter <name>=<value>.');
    return [name, value];
  });
  return Object.fromEntries(pairs);
}

/** Faults: EP7812. */
function stackOf({ manifest }: Release, name: string): Outcome<ManifestStack> {
  const found = manifest.stacks.find(({ id }) => id === name);
  if (found !== undefined) return outcome(found);
  const ids = manifest.stacks.map(({ id }) => id);
  const guess = nearest(name, ids);
  return failed({
    code: 'EP7812',
    severity: 'error',
    message: `${manifest.environment} has no such stack.`,
    hint: guess === undefined ? `It has ${ids.join(', ')}.` : `Did you mean \`${guess}\`?`,
  });
}

/** Faults: EP7802. */
async function write(file: string, text: string): Promise<Outcome<true>> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text);
    return outcome(true);
  } catch (error) {
    const message = `The file cannot be written: ${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}.`;
    return failed({ code: 'EP7802', severity: 'error', message, hint: 'Name another file.' });
  }
}
