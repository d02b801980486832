/** What the options say: `--set <key>=<value>` for every key there is, and short forms for the usual ones. */
import type { JsonSchema } from '../../config/compose-schema.ts';
import { type Args, type Command, UsageError } from '../command.ts';
import { type Draft, namesAt, type Path, setAt, valueAt } from './draft.ts';
import { exampleName } from './questions.ts';
import { schemaAt, typedValue } from './typed-value.ts';

export const GIVEN_OPTIONS: Command['options'] = {
  project: { type: 'string', value: 'name', help: 'Name of the project' },
  env: { type: 'string', value: 'a,b', help: 'Environments, in order of promotion' },
  account: { type: 'string', value: 'id', help: 'AWS account of every environment that has none yet' },
  region: { type: 'string', value: 'region', help: 'Region of every environment that has none yet' },
  origin: { type: 'string', value: 'host', help: 'Host name that content comes from' },
  path: { type: 'string', value: '/live/', help: 'Path that needs a token' },
  lifetime: { type: 'string', value: '4h', help: 'How long a token is valid' },
  set: { type: 'string', value: 'key=value', multiple: true, help: 'Any other setting, e.g. streams.live.mode=report' },
};

/** Where a short form goes; `*` stands for every entry there is, or for the one of the schema's example. */
const SHORT: Readonly<Record<string, Path>> = {
  project: ['project'],
  account: ['environments', '*', 'account'],
  region: ['environments', '*', 'region'],
  origin: ['origins', '*', 'domain'],
  path: ['streams', '*', 'paths'],
  lifetime: ['policies', '*', 'lifetime'],
};

/** A name between dots. Not a schema's pattern: what is merely wrong is the check's business. */
const NAME = /^(?!__proto__$)[^\s.=]{1,128}$/;

/** `--env`. Throws a `UsageError` for what can be no name. */
export function applyEnvironments(draft: Draft, args: Args): void {
  for (const name of textOf(args, 'env')?.split(',') ?? []) {
    const path = checkedPath(`environments.${name.trim()}`, '--env');
    if (valueAt(draft, path) === undefined) setAt(draft, path, {});
  }
}

/** `--set`. Throws a `UsageError` for what is no setting at all; what was there before gives way. */
export function applySettings(draft: Draft, args: Args, schema: JsonSchema): void {
  for (const text of args.lists.set ?? []) {
    const equals = text.indexOf('=');
    if (equals < 1)
      throw new UsageError('--set takes a key and a value.', 'Write it like --set streams.live.mode=report.');
    const path = checkedPath(text.slice(0, equals), '--set');
    const value = typedValue(schemaAt(schema, path), text.slice(equals + 1), schema);
    if (!setAt(draft, path, value))
      throw new UsageError(
        `--set ${path.join('.')} goes below a key that has a value already.`,
        'State one of the two only.',
      );
  }
}

export interface ShortForms {
  args: Args;
  schema: JsonSchema;
  /** Whether an environment without a name gets that of the example: nobody is there to be asked for it. */
  nameless: boolean;
}

/** Fills in what short forms say, wherever nothing stands yet. */
export function applyShortForms(draft: Draft, { args, schema, nameless }: ShortForms): void {
  for (const [name, [section = '', star, ...rest]] of Object.entries(SHORT)) {
    const text = textOf(args, name);
    if (text === undefined) continue;
    const names = namesAt(draft, [section]);
    if (names.length === 0 && (nameless || schema.required?.includes(section) !== true))
      names.push(exampleName(schema.properties?.[section] ?? {}));
    for (const path of star === '*' ? names.map((entry) => [section, entry, ...rest]) : [[section]])
      if (valueAt(draft, path) === undefined) setAt(draft, path, typedValue(schemaAt(schema, path), text, schema));
  }
}

function textOf(args: Args, name: string): string | undefined {
  return args.values[name] as string | undefined;
}

function checkedPath(key: string, option: string): Path {
  const path = key.split('.');
  if (path.every((name) => NAME.test(name))) return path;
  throw new UsageError(
    `${option} names a key that cannot be: ${JSON.stringify(key.slice(0, 60))}.`,
    'Write it like environments.prod.account; a map may be given as JSON.',
  );
}
