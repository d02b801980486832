/** `--key`: a file or a pipe, never a value: what is typed stays in the history of the shell and is seen by other users. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Environment } from '../../modules/contract.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import { type Args, type Command, type Io, UsageError } from '../command.ts';
import { audienceOf, type Keys, keysOf } from './key-forms.ts';
import { readText } from './read-text.ts';
import { textOf } from './text-of.ts';

/** What Secrets Manager takes. */
const MAX_RECORD = 65_536;

export const KEY_OPTION: Command['options'] = {
  key: { type: 'string', value: 'file', help: 'File with the key, `-`: standard input; see below' },
};

export const KEY_DETAILS = `The key is never an argument, which other users and the shell's history would see: --key names a file. From AWS without a file:

  aws secretsmanager get-secret-value --secret-id edgepass/<project>/<environment>/issuer-record \\
    --query SecretString --output text | edgepass token <verb> ... --key -

Without AWS: edgepass token key trial.json --env <environment>`;

/** Where keys are, said once for all mistakes. */
const HINT =
  'Name a file with an issuer record or a key record (`--key -`: standard input); `edgepass token key` makes one for trials.';

/** The keys of `--key`, for this environment. Throws a `UsageError` where the option is missing. */
export async function readKeys(args: Args, io: Io, { project, name }: Environment): Promise<Outcome<Keys>> {
  const file = textOf(args, 'key');
  if (file === undefined)
    throw new UsageError(
      'Say where the key is: --key <file>.',
      `\`edgepass token key trial.json --env ${name}\` makes one.`,
    );
  const text = await readText({ name: file, io, max: MAX_RECORD, code: 'EP6001', hint: HINT });
  if (!text.ok) return text;
  const place = { file: file === '-' ? 'standard input' : file };
  let keys: Keys;
  try {
    keys = keysOf(text.value);
  } catch (error) {
    const message = `${place.file} has no usable key: ${(error as Error).message}.`;
    return failed({ code: 'EP6002', severity: 'error', message, hint: HINT, place });
  }
  const audience = `${project}/${name}`;
  if (audienceOf(keys) !== audience) {
    const message = `The key is for \`${audienceOf(keys)}\`, and \`${audience}\` was asked for.`;
    const hint = 'No two deployments share a key: name the other environment with `--env`, or the key of this one.';
    return failed({ code: 'EP6003', severity: 'error', message, hint, place });
  }
  return outcome(keys, await openToOthers(file, io));
}

async function openToOthers(file: string, io: Io): Promise<Diagnostic[]> {
  if (file === '-' || process.platform === 'win32') return [];
  const found = await stat(resolve(io.cwd, file)).catch(() => undefined);
  if (!found?.isFile() || (found.mode & 0o077) === 0) return [];
  return [
    {
      code: 'EP6004',
      severity: 'warning',
      message: 'Other users of this machine can read the key.',
      hint: `chmod 600 ${file}`,
      place: { file },
    },
  ];
}
