import { execFile } from 'node:child_process';
import { awsClients } from '../aws/clients.ts';
import { examine } from '../aws/doctor.ts';
import type { Check } from '../aws/doctor-check.ts';
import { guarded } from '../aws/faults.ts';
import { globalClients } from '../aws/global-clients.ts';
import { plan } from '../modules/plan.ts';
import { outcome } from '../report/diagnostic.ts';
import { printChecks } from '../report/doctor-text.ts';
import { finish } from './aws-session.ts';
import { accessIn, BOOTSTRAP_OPTIONS } from './bootstrap-options.ts';
import { type Command, EXIT, type Io, type Option, UsageError } from './command.ts';
import { open } from './open.ts';
import { scopesOf } from './scope.ts';
import { show } from './show.ts';

const TOLD = ['github', 'owner-id', 'repository-id', 'branch', 'boundary'];

export const doctor: Command = {
  name: 'doctor',
  summary: 'Check credentials, buckets, roles, stacks, quotas and tools, each with its remedy',
  usage: '[--env <environment>] [--github <owner>/<repository>]',
  options: {
    env: { type: 'string', help: 'Environment; may be left out when there is only one' },
    ...Object.fromEntries(TOLD.map((name) => [name, BOOTSTRAP_OPTIONS[name] as Option])),
  },
  positionals: { min: 0, max: 0 },
  details:
    'Changes nothing. Exit code 1 when something is to be mended, 4 when AWS could not be asked. What the roles should trust is taken from `bootstrap`, unless --github says otherwise.',
  async run(args, io) {
    const access = accessIn(args);
    const opened = await open(args, io);
    if (!opened.ok) return show(opened.diagnostics, args, io);
    const [scope, ...others] = scopesOf(opened.value);
    const [environment] = opened.value.environments;
    if (scope === undefined || environment === undefined || others.length > 0)
      throw new UsageError('the configuration has several environments.', 'Name one with --env.');
    const planned = plan(environment, opened.value.modules);
    if (!planned.ok) return show(planned.diagnostics, args, io);
    const tools = await toolChecks(io);
    const told = access === undefined ? {} : { access };
    const asked = await guarded(async () =>
      outcome(
        await examine(
          { clients: awsClients(io.env), global: globalClients(io.env) },
          { scope, stacks: planned.value.stacks, ...told },
        ),
      ),
    );
    const checks = [...tools, ...(asked.ok ? asked.value : [])];
    const code = finish({ args, io }, asked.diagnostics, { environment: environment.name, checks });
    if (!args.json) io.stdout(printChecks(checks, { color: io.color }));
    if (code !== EXIT.fine) return code;
    return checks.some(({ state }) => state === 'problem') ? EXIT.diagnostics : EXIT.fine;
  },
};

async function toolChecks(io: Io): Promise<Check[]> {
  return [nodeCheck(process.versions.node), gitCheck(await gitVersion(io))];
}

/** As `engines` of package.json says. */
export function nodeCheck(version: string): Check {
  const name = 'node';
  if (Number(version.split('.')[0]) >= 20) return { name, state: 'ok', message: version };
  const remedy = 'Install Node.js 20 or later: https://nodejs.org';
  return { name, state: 'problem', message: `${version} is too old`, remedy };
}

export function gitCheck(version: string | undefined): Check {
  const name = 'git';
  if (version !== undefined) return { name, state: 'ok', message: version };
  return {
    name,
    state: 'warning',
    message: 'not found; `edgepass diff` needs it',
    remedy: 'Install git: https://git-scm.com',
  };
}

function gitVersion({ cwd, env }: Io): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('git', ['--version'], { cwd, env: { ...env } }, (error, stdout) =>
      resolve(error ? undefined : stdout.trim().replace('git version ', '')),
    );
  });
}
