/** A project of its own, with every module there is, and the built command run in it against the emulator. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import type { Manifest } from '../../generator/output/manifest.ts';
import type { Diagnostic } from '../../generator/report/diagnostic.ts';
import { root } from '../helpers/config.ts';
import type { Emulator } from '../helpers/ministack.ts';
import { lookAt } from '../helpers/secrets/log-watch.ts';
import { adaptOutput } from './emulator-profile.ts';

export interface Ran {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** What commands print with `--json`, as far as these tests look at it. */
export interface Printed {
  stacks: { id: string; outcome: string; status: string; outputs: Record<string, string> }[];
  diagnostics: Diagnostic[];
  /** Of `status`. */
  deployed?: { manifest: string };
}

export interface Project {
  folder: string;
  /** Reads `config.yaml`, lets `edit` change it, and writes it. */
  configure(edit: (config: ReturnType<typeof parseDocument>) => void): void;
  /** `edgepass <args>`; every command but `generate` and `new-module` sees the adapted output, in `emulated`. */
  edgepass(environment: string, ...args: string[]): Promise<Ran>;
  /** The same, with `--json`: what it printed, and its exit code. */
  json(environment: string, ...args: string[]): Promise<Printed & { code: number | null }>;
  /** Prepares the account of an environment, as an administrator does once. */
  bootstrap(environment: string): Promise<void>;
  /** Generates, and adapts the output of an environment. */
  generate(...environments: string[]): Promise<void>;
  manifest(environment: string): Manifest;
  remove(): void;
}

export const ACCOUNTS: Readonly<Record<string, string>> = {
  dev: '111111111111',
  staging: '222222222222',
  prod: '333333333333',
};
export const HOME = 'eu-west-1';
export const EDGE = 'us-east-1';
const OUT = 'emulated';

export function makeProject(emulator: Emulator): Project {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-emulator-'));
  const file = join(folder, 'config.yaml');
  const document = parseDocument(readFileSync(join(root, 'config.yaml'), 'utf8'));
  // A module that config.yaml does not have yet is deployed too, with its defaults.
  for (const module of readdirSync(join(root, 'templates')))
    if (!document.hasIn(['modules', module])) document.setIn(['modules', module], {});
  writeFileSync(file, document.toString());

  const command = (environment: string, args: readonly string[]): Promise<Ran> =>
    runCommand(args, { cwd: folder, env: emulator.environment({ account: ACCOUNTS[environment] ?? '' }) });

  const project: Project = {
    folder,
    configure(edit) {
      const config = parseDocument(readFileSync(file, 'utf8'));
      edit(config);
      writeFileSync(file, config.toString());
    },
    edgepass: (environment, ...args) => command(environment, [...args, '--env', environment, '--out', OUT]),
    async json(environment, ...args) {
      const ran = await project.edgepass(environment, ...args, '--json');
      try {
        return { ...(JSON.parse(ran.stdout) as Printed), code: ran.code };
      } catch {
        throw new Error(`edgepass ${args.join(' ')} ended with ${ran.code}\n${ran.stdout}\n${ran.stderr}`);
      }
    },
    async bootstrap(environment) {
      // The emulator has no OpenID Connect providers for CloudFormation: the account has one already.
      const options = ['--env', environment, '--github', 'acme/video', '--existing-provider', '--yes'];
      const made = await command(environment, ['bootstrap', ...options]);
      if (made.code !== 0) throw new Error(made.stderr);
    },
    async generate(...environments) {
      for (const environment of environments) {
        const made = await command(environment, ['generate', '--env', environment]);
        if (made.code !== 0) throw new Error(made.stderr);
        await adaptOutput(emulator, { from: join(folder, 'out'), to: join(folder, OUT), environment });
      }
    },
    manifest: (environment) =>
      JSON.parse(readFileSync(join(folder, OUT, environment, 'manifest.json'), 'utf8')) as Manifest,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  return project;
}

export function runCommand(
  args: readonly string[],
  { cwd, env }: { cwd: string; env: Record<string, string> },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(root, 'dist/cli.js'), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env.PATH, NO_COLOR: '1', USER: 'ada', HOSTNAME: 'desk', ...env },
    });
    const ran: Ran = { code: null, stdout: '', stderr: '' };
    child.stdout.on('data', (text: Buffer) => {
      ran.stdout += text.toString();
    });
    child.stderr.on('data', (text: Buffer) => {
      ran.stderr += text.toString();
    });
    child.once('error', reject);
    child.once('close', (code) => resolve({ ...ran, code }));
  });
}

export function clientOf(
  { endpoint }: Emulator,
  { account, region }: { account: string; region: string },
): { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } } {
  return { endpoint, region, credentials: { accessKeyId: account, secretAccessKey: 'secret' } };
}

interface LogPage {
  events: { message: string }[];
  nextToken?: string;
}

/** Every line in CloudWatch Logs of the environment `dev` in its Region, and each looked at for secrets. */
export async function logged(emulator: Emulator): Promise<string[]> {
  const call = async (operation: string, body: object) =>
    JSON.parse(
      await emulator.request({
        service: 'logs',
        account: ACCOUNTS.dev ?? '',
        region: HOME,
        target: `Logs_20140328.${operation}`,
        body: JSON.stringify(body),
      }),
    );
  const { logGroups } = (await call('DescribeLogGroups', {})) as { logGroups: { logGroupName: string }[] };
  const lines: string[] = [];
  for (const { logGroupName } of logGroups) {
    let nextToken: string | undefined;
    do {
      const page = (await call('FilterLogEvents', { logGroupName, nextToken })) as LogPage;
      lines.push(...page.events.map(({ message }) => message));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  lookAt(lines.join('\n'));
  return lines;
}
