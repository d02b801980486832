import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type IssuerRecord, serialiseIssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import type { Diagnostic } from '../../report/diagnostic.ts';
import { type Command, EXIT } from '../command.ts';
import { show } from '../show.ts';
import { openEnvironment } from './open-environment.ts';

/** Long enough for trials, too short to be taken for more. */
const DAYS = 30;

export const key: Command = {
  name: 'token key',
  summary: 'Make a random key for trials on this machine',
  usage: '[file] --env <environment>',
  options: { env: { type: 'string', value: 'name', help: 'Environment (required when there are several)' } },
  positionals: { min: 0, max: 1 },
  details: `Writes an issuer record to a new file that only you can read, or else to standard output. No edge knows its key: tokens
signed with it play nowhere, but \`token create\`, \`verify\` and \`explain\` take it. It is good for ${DAYS} days.

  edgepass token key trial.json --env dev
  edgepass token create --env dev --key trial.json --url https://media.example.com/live/ch1/index.m3u8

The keys of a deployment are made in AWS and never leave it but as the issuer record.`,
  async run(args, io) {
    const opened = await openEnvironment(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const { project, name } = opened.value.environment;
    const record = trialRecord(`${project}/${name}`, Math.floor(Date.now() / 1000));
    const text = `${serialiseIssuerRecord(record)}\n`;
    const file = args.positionals[0];
    if (file === undefined) {
      if (args.json) return show([], args, io, { record });
      io.stdout(text);
      return EXIT.fine;
    }
    const failure = await writeNew(resolve(io.cwd, file), text);
    if (failure !== undefined) return show([cannotWrite(file, failure)], args, io);
    const { audience, kid, signUntil } = record;
    if (args.json) return show([], args, io, { written: file, audience, kid, signUntil });
    io.stderr(`written  ${file}  (key ${kid} of ${audience}, for trials, ${DAYS} days; do not commit it)\n`);
    return EXIT.fine;
  },
};

/** The key id says what it is for wherever it turns up. */
function trialRecord(audience: string, now: number): IssuerRecord {
  return {
    version: 1,
    audience,
    kid: `trial-${randomBytes(6).toString('base64url')}`,
    sign: randomBytes(32).toString('base64url'),
    bind: randomBytes(32).toString('base64url'),
    signFrom: now,
    signUntil: now + DAYS * 86_400,
  };
}

/** Code of what went wrong. Never over a file that is there: it may be the only copy of a key. */
async function writeNew(file: string, text: string): Promise<string | undefined> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
    return undefined;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'writing failed';
  }
}

const REASONS: Readonly<Record<string, string>> = {
  EEXIST: 'it exists already',
  ENOENT: 'its folder does not exist',
  EACCES: 'permission denied',
};

function cannotWrite(file: string, code: string): Diagnostic {
  return {
    code: 'EP6006',
    severity: 'error',
    message: `${file} cannot be written: ${REASONS[code] ?? code}.`,
    hint: 'Name a new file in a folder that exists, or leave the name out for standard output.',
    place: { file },
  };
}
