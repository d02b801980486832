import { PREVIEW_VERSION, type PreviewEnvironment } from '../../aws/preview-report.ts';
import { type PlanSource, planComment } from '../../report/plan-comment.ts';
import { type Command, EXIT } from '../command.ts';
import { show } from '../show.ts';
import { COMMENT_OPTIONS, optionsOf, type ReadReport, readReports } from './reports.ts';
import { writeTexts } from './write-texts.ts';

export const plan: Command = {
  name: 'comment plan',
  summary: 'One comment of the files of `preview --json`',
  usage: '<report.json>… [--file <file>] [--full <file>] [--expect <environment>]…',
  options: COMMENT_OPTIONS,
  positionals: { min: 0, max: 1000 },
  details:
    'The comment has fewer than 65,536 characters: what does not fit is left out, the least important first. --full has everything.',
  async run(args, io) {
    const read = await readReports(args, io, { version: PREVIEW_VERSION, member: 'environments' });
    if (!read.ok) return show(read.diagnostics, args, io);
    const sources = read.value.map(sourceOf);
    const options = optionsOf(args);
    const written = await writeTexts(args, io, {
      short: planComment(sources, options),
      full: () => planComment(sources, { ...options, full: true }),
    });
    const environments = sources.flatMap((source) => source.environments);
    const plans = Object.fromEntries(environments.map(({ name, plan: digest }) => [name, digest]));
    const code = show(written.diagnostics, args, io, { plans });
    const changes = environments.some((environment) => environment.changes);
    return code === EXIT.fine && changes && args.values['fail-on-changes'] === true ? EXIT.changes : code;
  },
};

function sourceOf({ label, content, diagnostics, missing }: ReadReport): PlanSource {
  const environments = (content?.environments ?? []) as PreviewEnvironment[];
  return { label, environments, diagnostics, ...(missing ? { missing } : {}) };
}
