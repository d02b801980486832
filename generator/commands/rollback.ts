import { guarded } from '../aws/faults.ts';
import { earlierDeployments, earlierRelease } from '../aws/rollback.ts';
import { awsOf, ENV_OPTION, finish, releaseOf, typed } from './aws-session.ts';
import { type Command, UsageError } from './command.ts';
import { DEPLOY_OPTIONS, runDeployment } from './deploy.ts';

export const rollback: Command = {
  name: 'rollback',
  summary: 'List earlier deployments, and deploy one of them again',
  usage: '[--env <environment>] [--to <digest>] [--yes] [--allow <risk>]',
  options: {
    ...ENV_OPTION,
    ...DEPLOY_OPTIONS,
    to: { type: 'string', help: 'Digest of the deployment to go back to, or its first 7 characters or more' },
  },
  positionals: { min: 0, max: 0 },
  details:
    'Manifest, templates and code come from the artifact bucket, not from this folder. Keys and revocations are data and stay as they are.',
  async run(args, io) {
    const current = await releaseOf(args, io);
    if (!current.ok) return finish({ args, io }, current.diagnostics);
    const to = args.values.to as string | undefined;
    const aws = awsOf(io);
    if (to === undefined) {
      const listed = await guarded(() => earlierDeployments(aws, current.value));
      const deployments = listed.ok ? listed.value : [];
      const code = finish({ args, io }, listed.diagnostics, { deployments });
      if (listed.ok && !args.json) {
        for (const { at, manifest } of deployments) io.stdout(`${at}  ${manifest.slice(0, 12)}\n`);
        io.stdout(deployments.length === 0 ? 'No deployments on record.\n' : 'Go back with --to <digest>.\n');
      }
      return code;
    }
    if (!/^[0-9a-f]{7,64}$/.test(to))
      throw new UsageError('--to takes a digest.', '`edgepass rollback` without --to lists those on record.');
    const release = await guarded(() => earlierRelease(aws, current.value, { to, packageRoot: io.packageRoot }));
    if (!release.ok) return finish({ args, io }, release.diagnostics);
    const command = `${typed('rollback', release.value)} --to ${to}`;
    return runDeployment({ args, io, release: release.value, command });
  },
};
