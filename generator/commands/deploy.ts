import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Aws } from '../aws/context.ts';
import { type Deployed, deploy as deployRelease } from '../aws/deploy.ts';
import { guarded } from '../aws/faults.ts';
import { RISK_KINDS } from '../aws/preview-report.ts';
import { summaryOf } from '../aws/preview-summary.ts';
import type { Release } from '../aws/release.ts';
import { planIn, type ReviewedPlan } from '../aws/reviewed-plan.ts';
import { printDeployed } from '../report/deploy-text.ts';
import type { Outcome } from '../report/diagnostic.ts';
import { printPreview } from '../report/preview-text.ts';
import { progressFor } from '../report/progress.ts';
import { ask, awsOf, ENV_OPTION, finish, releaseOf, typed } from './aws-session.ts';
import { type Args, type Command, type Io, type Option, UsageError } from './command.ts';

/** Options of everything that goes the way of a deployment. */
export const DEPLOY_OPTIONS: Record<'yes' | 'allow', Option> = {
  yes: { type: 'boolean', short: 'y', help: 'Do not ask' },
  allow: { type: 'string', multiple: true, value: '<risk>', help: `Allow a risk: ${RISK_KINDS.join(', ')}` },
};

export const deploy: Command = {
  name: 'deploy',
  summary: 'Deploy an environment, stack by stack in the order of its plan',
  usage: '[--env <environment>] [--plan <digest or report>] [--yes] [--allow <risk>]',
  options: {
    ...ENV_OPTION,
    ...DEPLOY_OPTIONS,
    plan: { type: 'string', help: 'Deploy only if the plan is this one: its digest, or the file of `preview --json`' },
  },
  positionals: { min: 0, max: 0 },
  details:
    'Where nothing changed, nothing is done. After a cut or a failure run it again: it waits for what is still going on, and then goes on.',
  async run(args, io) {
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const plan = await reviewedPlan(args, io, release.value);
    return runDeployment({ args, io, release: release.value, command: typed('deploy', release.value), ...plan });
  },
};

interface Deployment {
  args: Args;
  io: Io;
  release: Release;
  /** What continues it after a cut. */
  command: string;
  plan?: ReviewedPlan;
}

/** The way of every deployment, also of a rollback: confirms, shows progress, prints, returns the exit code. */
export async function runDeployment({ args, io, release, command, plan }: Deployment): Promise<number> {
  const allow = args.lists.allow ?? [];
  const unknown = allow.find((kind) => !(RISK_KINDS as readonly string[]).includes(kind));
  if (unknown !== undefined)
    throw new UsageError('--allow takes the name of a risk.', `One of: ${RISK_KINDS.join(', ')}.`);
  const progress = progressFor({
    write: io.stderr,
    color: io.color,
    now: () => (io.clock?.now ?? (() => new Date()))(),
    ...(io.terminal === undefined || args.json ? {} : { columns: io.terminal.columns }),
    stacks: release.manifest.stacks.map(({ id }) => id),
  });
  const aws: Aws = awsOf(io, progress);
  const done = await guarded(async (): Promise<Outcome<Deployed>> => {
    try {
      const value = await deployRelease(aws, release, {
        allow,
        command,
        ...(plan === undefined ? {} : { plan }),
        confirm: async (found) => {
          if (args.values.yes === true || plan !== undefined) return { ok: true, value: true, diagnostics: [] };
          io.stderr(printPreview(summaryOf(found), { color: io.color }));
          return ask(io, {
            question: `Deploy to ${found.release.manifest.environment}? (yes) `,
            answer: 'yes',
            option: '--yes',
          });
        },
      });
      return { ok: true, value, diagnostics: value.diagnostics };
    } finally {
      progress.end();
    }
  });
  const report = done.ok ? done.value.report : undefined;
  const code = finish({ args, io }, done.diagnostics, report);
  if (!args.json && report !== undefined) io.stdout(printDeployed(report, { color: io.color }));
  return code;
}

async function reviewedPlan(args: Args, io: Io, { manifest }: Release): Promise<{ plan?: ReviewedPlan }> {
  const given = args.values.plan as string | undefined;
  if (given === undefined) return {};
  if (/^[0-9a-f]{12,64}$/.test(given)) return { plan: { digest: given } };
  const wrong = (what: string): UsageError =>
    new UsageError(
      `--plan ${what}.`,
      'Give the digest that `edgepass preview` prints, or the file of `preview --json`.',
    );
  const text = await readFile(resolve(io.cwd, given), 'utf8').catch(() => {
    throw wrong('names no file that can be read, and is no digest');
  });
  try {
    const plan = planIn(JSON.parse(text) as unknown, manifest.environment);
    if (plan !== undefined) return { plan };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw wrong(`names a file that holds no preview of environment ${manifest.environment}`);
}
