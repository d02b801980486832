import { guarded } from '../aws/faults.ts';
import { status as readStatus } from '../aws/status.ts';
import { printStatus } from '../report/status-text.ts';
import { awsOf, ENV_OPTION, finish, releaseOf } from './aws-session.ts';
import type { Command } from './command.ts';

export const status: Command = {
  name: 'status',
  summary: 'Show the stacks of an environment as AWS has them',
  usage: '[--env <environment>]',
  options: { ...ENV_OPTION },
  positionals: { min: 0, max: 0 },
  async run(args, io) {
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const found = await guarded(() => readStatus(awsOf(io), release.value));
    const code = finish({ args, io }, found.diagnostics, found.ok ? found.value : undefined);
    if (found.ok && !args.json) io.stdout(printStatus(found.value, { color: io.color }));
    return code;
  },
};
