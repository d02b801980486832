import { type DriftReport, drift as findDrift } from '../aws/drift.ts';
import { faultOf, guarded } from '../aws/faults.ts';
import { type HealEnd, heal } from '../aws/heal.ts';
import { Refusal } from '../aws/refusal.ts';
import type { Release } from '../aws/release.ts';
import { printDrift, printHealing } from '../report/drift-text.ts';
import { progressFor } from '../report/progress.ts';
import { ask, awsOf, ENV_OPTION, finish, releaseOf, typed } from './aws-session.ts';
import { type Args, type Command, EXIT, type Io } from './command.ts';

export const drift: Command = {
  name: 'drift',
  summary: 'Find what was changed outside of deployments, and heal it',
  usage: '[--env <environment>] [--heal [--yes]] [--fail-on-drift]',
  options: {
    ...ENV_OPTION,
    heal: { type: 'boolean', help: 'Undo what was changed, by one reviewed change set a stack' },
    yes: { type: 'boolean', short: 'y', help: 'Heal without asking' },
    'fail-on-drift': { type: 'boolean', help: 'Exit code 3 when there is drift, or after --heal still is' },
  },
  positionals: { min: 0, max: 0 },
  details:
    'What a module lists as its own at run time (keys, rules of revoked sessions) is no drift, and is never undone; --json lists it.',
  async run(args, io) {
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const found = await guarded(() => findDrift(awsOf(io), release.value));
    if (!found.ok) return finish({ args, io }, found.diagnostics);
    const report = found.value;
    if (!args.json) io.stdout(printDrift(report, { color: io.color }));
    const end: HealEnd =
      args.values.heal === true && report.drifted
        ? await healing({ args, io, release: release.value, report })
        : { diagnostics: [] };
    const healed = end.value?.healed ?? [];
    const code = finish({ args, io }, end.diagnostics, { ...report, ...(args.values.heal === true ? { healed } : {}) });
    if (!args.json && healed.length > 0) io.stdout(`Healed: ${healed.join(', ')}.\n`);
    const left = report.stacks.some(({ id, status }) => status === 'drifted' && !healed.includes(id));
    return code === EXIT.fine && left && args.values['fail-on-drift'] === true ? EXIT.changes : code;
  },
};

interface Healing {
  args: Args;
  io: Io;
  release: Release;
  report: DriftReport;
}

async function healing({ args, io, release, report }: Healing): Promise<HealEnd> {
  const progress = progressFor({
    write: io.stderr,
    color: io.color,
    now: io.clock?.now ?? (() => new Date()),
    ...(io.terminal === undefined || args.json ? {} : { columns: io.terminal.columns }),
    stacks: report.stacks.filter(({ status }) => status === 'drifted').map(({ id }) => id),
  });
  try {
    return await heal(
      awsOf(io, progress),
      { release, report },
      {
        command: `${typed('drift', release)} --heal`,
        confirm: async (plans) => {
          io.stderr(printHealing(plans, { color: io.color }));
          if (args.values.yes === true) return { ok: true, value: true, diagnostics: [] };
          return ask(io, { question: 'Heal? (yes) ', answer: 'yes', option: '--yes' });
        },
      },
    );
  } catch (error) {
    if (error instanceof Refusal) return { diagnostics: [...error.diagnostics] };
    const fault = faultOf(error);
    if (fault === undefined) throw error;
    return { diagnostics: [fault] };
  } finally {
    progress.end();
  }
}
