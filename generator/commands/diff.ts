import type { ChangeReport } from '../diff/change-report.ts';
import { compare } from '../diff/compare.ts';
import { previous } from '../diff/previous.ts';
import { projectSides } from '../diff/project-sides.ts';
import { openProject, type Place } from '../project.ts';
import { printChanges } from '../report/change-text.ts';
import { type Outcome, outcome } from '../report/diagnostic.ts';
import { type Args, type Command, EXIT, type Io } from './command.ts';
import { show } from './show.ts';

export const diff: Command = {
  name: 'diff',
  summary: 'Compare with another git revision or output folder',
  usage: '[--against <revision or folder>] [--env <environment>] [--fail-on-changes]',
  options: {
    against: { type: 'string', help: 'Git revision or output folder to compare with (default: HEAD)' },
    env: { type: 'string', help: 'Compare one environment only' },
    'fail-on-changes': { type: 'boolean', help: 'Exit code 3 when there are changes' },
  },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const compared = await compareWith(args, io);
    if (!compared.ok) return show(compared.diagnostics, args, io);
    const report = compared.value;
    const code = show(compared.diagnostics, args, io, { ...report });
    if (!args.json) io.stdout(printChanges(report, { color: io.color }));
    return args.values['fail-on-changes'] === true && report.environments.length > 0 ? EXIT.changes : code;
  },
};

/** The present state comes first: a mistake in it is what people want to hear of. */
async function compareWith(args: Args, io: Io): Promise<Outcome<ChangeReport>> {
  const place: Place = { cwd: io.cwd, packageRoot: io.packageRoot, configFile: args.config };
  const only = args.values.env as string | undefined;
  const opened = await openProject(place, only);
  if (!opened.ok) return opened;
  const fresh = await projectSides(opened.value, { cwd: io.cwd });
  if (!fresh.ok) return { ok: false, diagnostics: [...opened.diagnostics, ...fresh.diagnostics] };
  const against = (args.values.against as string | undefined) ?? 'HEAD';
  const old = await previous({ ...place, against, only, env: io.env });
  if (!old.ok) return old;
  // Warnings about the present state are what `validate` is for.
  return outcome(await compare(old.value, fresh.value), old.diagnostics);
}
