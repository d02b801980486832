import { guarded } from '../aws/faults.ts';
import { preview as previewRelease } from '../aws/preview.ts';
import { PREVIEW_VERSION, type PreviewReport } from '../aws/preview-report.ts';
import { printPreview } from '../report/preview-text.ts';
import { awsOf, ENV_OPTION, finish, releaseOf } from './aws-session.ts';
import { type Command, EXIT } from './command.ts';

export const preview: Command = {
  name: 'preview',
  summary: 'Say what a deployment would change in AWS, without changing it',
  usage: '[--env <environment>] [--keep] [--fail-on-changes]',
  options: {
    ...ENV_OPTION,
    keep: { type: 'boolean', help: 'Leave the change sets in AWS, to look at them in the console' },
    'fail-on-changes': { type: 'boolean', help: 'Exit code 3 when there are changes' },
  },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const found = await guarded(() => previewRelease(awsOf(io), release.value, { keep: args.values.keep === true }));
    const report: PreviewReport = { version: PREVIEW_VERSION, environments: found.ok ? [found.value] : [] };
    const code = finish({ args, io }, found.diagnostics, report);
    if (found.ok && !args.json) io.stdout(printPreview(report, { color: io.color }));
    const changes = found.ok && found.value.changes;
    return code === EXIT.fine && changes && args.values['fail-on-changes'] === true ? EXIT.changes : code;
  },
};
