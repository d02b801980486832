/** What commands that use the workflow of the keys have in common: find it, run it, tell how it goes, print what is then. */

import type { Aws } from '../../aws/context.ts';
import { guarded } from '../../aws/faults.ts';
import type { KeysAnswer } from '../../aws/keys-answer.ts';
import {
  followKeys,
  type KeysCommand,
  type KeysRun,
  type KeysWorkflow,
  keysWorkflow,
  startKeys,
} from '../../aws/keys-workflow.ts';
import { type Diagnostic, failed, type Outcome, outcome } from '../../report/diagnostic.ts';
import { printKeys } from '../../report/keys-text.ts';
import { running } from '../../report/running-text.ts';
import { ask, awsOf, ENV_OPTION, finish, releaseOf } from '../aws-session.ts';
import type { Args, Io, Option } from '../command.ts';

export const KEYS_OPTIONS: Record<'env' | 'no-wait', Option> = {
  ...ENV_OPTION,
  'no-wait': { type: 'boolean', help: 'Return once the workflow has started' },
};

export const YES: Record<'yes', Option> = { yes: { type: 'boolean', short: 'y', help: 'Do not ask' } };

/** One run of a command against one environment. */
export interface KeysSession {
  args: Args;
  io: Io;
  aws: Aws;
  workflow: KeysWorkflow;
}

/** What a command found or did. */
export interface Done {
  /** Said in one line, e.g. `Key a1b2c3d4 is gone.` */
  said: string;
  /** ARN of the execution. */
  execution: string;
  /** Absent when nobody waited for the end. */
  run?: KeysRun;
}

/** Opens the environment, does the work and prints. Returns the exit code. */
export async function withKeys(
  args: Args,
  io: Io,
  work: (session: KeysSession) => Promise<Outcome<Done>>,
): Promise<number> {
  const release = await releaseOf(args, io);
  if (!release.ok) return finish({ args, io }, release.diagnostics);
  const aws = awsOf(io);
  const { environment } = release.value.manifest;
  const done = await guarded<Done>(async () => {
    const workflow = await keysWorkflow(aws, release.value.manifest);
    if (!workflow.ok) return workflow;
    return work({ args, io, aws, workflow: workflow.value });
  });
  if (!done.ok) return finish({ args, io }, done.diagnostics, { environment });
  const { said, execution, run } = done.value;
  const result = { environment, execution, ended: run !== undefined, ...run?.answer };
  const code = finish({ args, io }, done.diagnostics, result);
  if (args.json) return code;
  if (said !== '') io.stdout(`${said}\n`);
  // By the clock that the times in it are of.
  if (run !== undefined) io.stdout(printKeys(run.answer, { environment, now: run.ended, color: io.color }));
  return code;
}

/** What is now. Run first where a command has a cost: it has to be said before it is done. */
export function lookAtKeys(session: KeysSession): Promise<Outcome<KeysRun>> {
  return runKeys(session, { what: 'keys list', command: { command: 'list' } });
}

export interface KeysWork {
  /** For the progress, e.g. `keys rotate`. */
  what: string;
  command: KeysCommand;
}

/** Starts, and waits for the end. */
export async function runKeys(session: KeysSession, { what, command }: KeysWork): Promise<Outcome<KeysRun>> {
  const { aws, io, workflow, args } = session;
  const execution = await startKeys(aws, workflow, command);
  const shown = running({
    write: io.stderr,
    color: io.color,
    now: aws.now,
    what,
    ...(io.terminal === undefined || args.json ? {} : { columns: io.terminal.columns }),
  });
  shown.tell('started');
  let end = 'not followed to its end';
  try {
    const run = await followKeys(aws, workflow, { execution, look: () => shown.tell() });
    end = run.ok ? 'done' : 'failed';
    return run;
  } finally {
    shown.end(end);
  }
}

/** Runs a command that changes something; with `--no-wait` only starts it. */
export async function changeKeys(
  session: KeysSession,
  { said, ...work }: KeysWork & { said(answer: KeysAnswer, now: number): string },
): Promise<Outcome<Done>> {
  const { aws, args, workflow } = session;
  if (args.values['no-wait'] === true) {
    const execution = await startKeys(aws, workflow, work.command);
    return outcome({
      said: `Started. \`edgepass keys list --env ${workflow.environment}\` shows what became of it.`,
      execution,
    });
  }
  const run = await runKeys(session, work);
  if (!run.ok) return run;
  const { execution, answer, ended } = run.value;
  return outcome({ said: said(answer, ended), execution, run: run.value });
}

/** Says what it costs, and asks unless an option has answered already. */
export async function confirmed(
  { args, io }: KeysSession,
  { costs, question }: { costs: readonly string[]; question: string },
): Promise<Outcome<true>> {
  io.stderr(`${costs.map((line) => `  ${line}\n`).join('')}`);
  if (args.values.yes === true) return outcome<true>(true);
  return ask(io, { question: `${question} (yes) `, answer: 'yes', option: '--yes' });
}

export function refused(diagnostic: Omit<Diagnostic, 'severity'>): { ok: false; diagnostics: Diagnostic[] } {
  return failed({ severity: 'error', ...diagnostic });
}
