/** What commands that talk to AWS have in common: which environment, what of it, and how to end. */
import { resolve } from 'node:path';
import { awsClients } from '../aws/clients.ts';
import { type Aws, realSleep } from '../aws/context.ts';
import { isRefusal } from '../aws/faults.ts';
import { type Progress, SILENT } from '../aws/progress.ts';
import { openRelease, type Release } from '../aws/release.ts';
import { environmentsIn } from '../diff/output-folder.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { failed, type Outcome } from '../report/diagnostic.ts';
import { type Args, EXIT, exitFor, type Io, type Option, UsageError } from './command.ts';
import { show } from './show.ts';

export const ENV_OPTION: Record<'env', Option> = {
  env: { type: 'string', help: 'Environment; may be left out when the output folder has only one' },
};

/** The release in the output folder that the arguments name. */
export async function releaseOf(args: Args, io: Io): Promise<Outcome<Release>> {
  const folder = resolve(io.cwd, args.out);
  const environment = (args.values.env as string | undefined) ?? (await onlyEnvironment(folder, args.out));
  if (!/^[a-z][a-z0-9-]*$/.test(environment))
    return failed({
      code: 'EP7003',
      severity: 'error',
      message: 'The value of --env is no name of an environment.',
      hint: 'Environments are named in config.yaml: lower-case letters, digits and hyphens.',
    });
  return openRelease({ folder, shown: args.out, environment, packageRoot: io.packageRoot });
}

async function onlyEnvironment(folder: string, shown: string): Promise<string> {
  const names = await environmentsIn(folder);
  const [name] = names;
  if (name !== undefined && names.length === 1) return name;
  if (name === undefined)
    throw new UsageError(
      `${shown} has no output of an environment.`,
      'Run `edgepass generate`, or name the folder with --out.',
    );
  throw new UsageError(`${shown} has several environments.`, `Name one: --env ${names.join(', --env ')}.`);
}

export function awsOf(io: Io, progress: Progress = SILENT): Aws {
  return {
    clients: awsClients(io.env),
    now: io.clock?.now ?? (() => new Date()),
    sleep: io.clock?.sleep ?? realSleep(io.interrupted),
    interrupted: io.interrupted,
    progress,
    who: whoIs(io.env),
  };
}

/** A pipeline run by its address, a person by name. */
function whoIs(env: Io['env']): string {
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID, GITHUB_ACTOR } = env;
  if (GITHUB_SERVER_URL && GITHUB_REPOSITORY && GITHUB_RUN_ID)
    return `${GITHUB_ACTOR ?? 'GitHub'} (${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID})`;
  return `${env.USER ?? env.LOGNAME ?? 'somebody'}@${env.HOSTNAME ?? 'this machine'} (process ${process.pid})`;
}

/** Prints, and returns the exit code: 4 when AWS refused or could not be reached, 1 for other errors. */
export function finish(
  { args, io }: { args: Args; io: Io },
  diagnostics: readonly Diagnostic[],
  result?: object,
): number {
  show(diagnostics, args, io, { ...result });
  return diagnostics.some(isRefusal) ? EXIT.refused : exitFor(diagnostics);
}

/** `--env dev`, as it belongs into a command that is run again. */
export function typed(command: string, { manifest }: Release): string {
  return `${command} --env ${manifest.environment}`;
}

export interface Question {
  question: string;
  /** What has to be typed. */
  answer: string;
  /** The option that answers it without a terminal. */
  option: string;
}

/** Faults: EP7306 when somebody says no, EP7024 when nobody is there to ask. */
export async function ask(io: Io, { question, answer, option }: Question): Promise<Outcome<true>> {
  if (io.terminal === undefined)
    return failed({
      code: 'EP7024',
      severity: 'error',
      message: 'This needs a confirmation, and there is no terminal to ask at. Nothing was changed.',
      hint: `Confirm it with ${option}.`,
    });
  const said = (await io.terminal.ask(question)).trim();
  if (said === answer) return { ok: true, value: true, diagnostics: [] };
  return failed({
    code: 'EP7306',
    severity: 'error',
    message: 'Not confirmed. Nothing was changed.',
    hint: `Type \`${answer}\` to confirm.`,
  });
}
