import { type DestroyPlan, destroy as destroyRelease } from '../aws/destroy.ts';
import { guarded } from '../aws/faults.ts';
import { printDestroyed, printDestroyPlan } from '../report/destroy-text.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import { progressFor } from '../report/progress.ts';
import { ask, awsOf, ENV_OPTION, finish, releaseOf, typed } from './aws-session.ts';
import type { Args, Command, Io } from './command.ts';

export const destroy: Command = {
  name: 'destroy',
  summary: 'Delete the stacks of an environment; what holds state stays',
  usage: '--env <environment> [--confirm <environment>] [--protected]',
  options: {
    ...ENV_OPTION,
    confirm: { type: 'string', help: 'Name of the environment once more, instead of typing it at the terminal' },
    protected: { type: 'boolean', help: 'Also when the environment is protected' },
  },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const progress = progressFor({
      write: io.stderr,
      color: io.color,
      now: io.clock?.now ?? (() => new Date()),
      ...(io.terminal === undefined || args.json ? {} : { columns: io.terminal.columns }),
      stacks: release.value.manifest.stacks.map(({ id }) => id).reverse(),
    });
    const done = await guarded(async () => {
      try {
        const end = await destroyRelease(awsOf(io, progress), release.value, {
          allowProtected: args.values.protected === true,
          command: typed('destroy', release.value),
          confirm: (plan) => confirmed({ args, io }, plan),
        });
        return { ok: true, value: end, diagnostics: end.diagnostics };
      } finally {
        progress.end();
      }
    });
    const value = done.ok ? done.value.value : undefined;
    const code = finish({ args, io }, done.diagnostics, value);
    if (!args.json && value !== undefined) io.stdout(printDestroyed(value, { color: io.color }));
    return code;
  },
};

async function confirmed({ args, io }: { args: Args; io: Io }, plan: DestroyPlan): Promise<Outcome<true>> {
  const given = args.values.confirm as string | undefined;
  io.stderr(printDestroyPlan(plan, { color: io.color }));
  if (given === undefined)
    return ask(io, {
      question: `Type the name of the environment to delete these stacks (${plan.environment}): `,
      answer: plan.environment,
      option: `--confirm ${plan.environment}`,
    });
  if (given === plan.environment) return outcome(true);
  return {
    ok: false,
    diagnostics: [
      {
        code: 'EP7501',
        severity: 'error',
        message: `--confirm names another environment than ${plan.environment}. Nothing was changed.`,
        hint: `To delete these stacks: --confirm ${plan.environment}`,
      },
    ],
  };
}
