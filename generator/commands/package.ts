import { guardAccount } from '../aws/account.ts';
import { guarded } from '../aws/faults.ts';
import { packageRelease } from '../aws/package.ts';
import { outcome } from '../report/diagnostic.ts';
import { awsOf, ENV_OPTION, finish, releaseOf } from './aws-session.ts';
import type { Command } from './command.ts';

export const packageCommand: Command = {
  name: 'package',
  summary: 'Upload code and templates of an environment to its artifact bucket',
  usage: '[--env <environment>]',
  options: { ...ENV_OPTION },
  positionals: { min: 0, max: 0 },
  details:
    'Everything is named by its digest: what is there already is not uploaded again, and nothing is overwritten. `deploy` packages by itself.',
  async run(args, io) {
    const release = await releaseOf(args, io);
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const aws = awsOf(io);
    const done = await guarded(async () => {
      const caller = await guardAccount(aws, release.value.manifest);
      return caller.ok ? packageRelease(aws, release.value) : caller;
    });
    const packaged = done.ok ? done : outcome({ uploaded: [], present: [] });
    const value = packaged.ok ? packaged.value : undefined;
    const code = finish({ args, io }, done.diagnostics, value);
    if (done.ok && !args.json) {
      for (const name of done.value.uploaded) io.stdout(`uploaded  ${name}\n`);
      io.stdout(`${done.value.uploaded.length} uploaded, ${done.value.present.length} there already.\n`);
    }
    return code;
  },
};
