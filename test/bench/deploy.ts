/**
 * What it takes to find out that nothing has to be done, as whole processes against an AWS that answers at once: time, and
 * requests a stack. The example project, all its modules.
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Manifest } from '../../generator/output/manifest.ts';
import { type Aws, startAws } from '../helpers/aws/start.ts';

const ROUNDS = 9;
const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist/cli.js');

interface Timed {
  seconds: number;
  requests: number;
}

/** Not `execFileSync`: the AWS that answers lives in this process. */
function run(aws: Aws, env: Record<string, string>, args: string[]): Promise<Timed> {
  const before = aws.calls.length;
  const started = process.hrtime.bigint();
  return new Promise((done, fail) => {
    const options = { cwd: root, env: { ...process.env, ...env } };
    execFile(process.execPath, [cli, ...args], options, (error, _stdout, stderr) => {
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (error) fail(new Error(`${args.join(' ')}: ${stderr}`));
      else done({ seconds, requests: aws.calls.length - before });
    });
  });
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

export async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
  execFileSync('npm', ['run', '--silent', 'build'], { cwd: root, stdio: 'inherit' });
  execFileSync(process.execPath, [cli, 'generate', '--env', 'dev', '--out', folder], { cwd: root, stdio: 'pipe' });
  const manifest = JSON.parse(readFileSync(join(folder, 'dev/manifest.json'), 'utf8')) as Manifest;
  const { account, region, stacks } = manifest;
  const aws = await startAws({ account });
  try {
    const env = aws.environment({ region, account });
    for (const at of new Set(stacks.map((stack) => stack.region).concat(region)))
      aws.s3.createBucket(`edgepass-artifacts-${account}-${at}`, { region: at, account });
    const where = ['--env', 'dev', '--out', folder];
    const first = await run(aws, env, ['deploy', ...where, '--yes']);
    process.stdout.write(`${stacks.length} stacks; first deployment ${first.seconds.toFixed(2)} s\n\n`);
    process.stdout.write(`${'nothing changed'.padEnd(20)}  median s   requests a stack\n`);
    let requests = 0;
    for (const args of [['preview'], ['deploy', '--yes']]) {
      const timed: Timed[] = [];
      for (let round = 0; round <= ROUNDS; round++) timed.push(await run(aws, env, [...args, ...where]));
      const [, ...counted] = timed;
      // One is for the account, not for a stack.
      const each = ((counted[0] as Timed).requests - 1) / stacks.length;
      requests += each;
      const seconds = median(counted.map((one) => one.seconds));
      process.stdout.write(`${args[0]?.padEnd(20)}  ${seconds.toFixed(3).padStart(8)}   ${each}\n`);
    }
    process.stdout.write(`${'together'.padEnd(20)}  ${' '.repeat(8)}   ${requests}\n`);
  } finally {
    await aws.close();
    rmSync(folder, { recursive: true });
  }
}
