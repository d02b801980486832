import { DRIFT_VERSION, type DriftReport } from '../../aws/drift.ts';
import { type DriftSource, driftComment, driftState } from '../../report/drift-comment.ts';
import { type Command, EXIT } from '../command.ts';
import { show } from '../show.ts';
import { COMMENT_OPTIONS, optionsOf, type ReadReport, readReports } from './reports.ts';
import { writeTexts } from './write-texts.ts';

export const drift: Command = {
  name: 'comment drift',
  summary: 'One issue of the files of `drift --json`',
  usage: '<report.json>… [--file <file>] [--full <file>] [--expect <environment>]…',
  options: COMMENT_OPTIONS,
  positionals: { min: 0, max: 1000 },
  details: '--json says `state`: drifted, in-sync, or unknown, which is when nothing drifted and a check failed.',
  async run(args, io) {
    const read = await readReports(args, io, { version: DRIFT_VERSION, member: 'stacks' });
    if (!read.ok) return show(read.diagnostics, args, io);
    const sources = read.value.map(sourceOf);
    const options = optionsOf(args);
    const written = await writeTexts(args, io, {
      short: driftComment(sources, options),
      full: () => driftComment(sources, { ...options, full: true }),
    });
    const state = driftState(sources);
    const code = show(written.diagnostics, args, io, { state });
    const asked = args.values['fail-on-changes'] === true;
    return code === EXIT.fine && asked && state === 'drifted' ? EXIT.changes : code;
  },
};

function sourceOf({ label, content, diagnostics, missing }: ReadReport): DriftSource {
  const report = content?.stacks === undefined ? {} : { report: content as unknown as DriftReport };
  return { label, ...report, diagnostics, ...(missing ? { missing } : {}) };
}
