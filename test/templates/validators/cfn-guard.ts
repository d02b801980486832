/** CloudFormation Guard with our own rules (test/guard/edgepass.guard). */
import { spawnSync } from 'node:child_process';
import { accessSync, chmodSync, constants, copyFileSync, mkdtempSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { root } from '../rendering.ts';
import type { Found } from './found.ts';

export const GUARD_RULES = join(root, 'test/guard/edgepass.guard');

interface Report {
  name: string;
  not_compliant: { Rule: { name: string } }[];
}

/** One finding for each rule that a file breaks. */
export function cfnGuard(paths: readonly string[]): Found[] {
  const data = paths.flatMap((path) => ['--data', path]);
  const run = spawnSync(
    program(),
    ['validate', '--rules', GUARD_RULES, ...data, '--structured', '--output-format', 'json', '--show-summary', 'none'],
    { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 },
  );
  // 0: all rules hold, 19: some do not.
  if (run.error || (run.status !== 0 && run.status !== 19)) throw new Error(`cfn-guard: ${run.error ?? run.stderr}`);
  return (JSON.parse(run.stdout) as Report[]).flatMap(({ name, not_compliant }) =>
    not_compliant.map(({ Rule }) => ({
      tool: 'cfn-guard' as const,
      rule: Rule.name,
      file: basename(name),
      message: `rule ${Rule.name} does not hold`,
    })),
  );
}

let found: string | undefined;

function program(): string {
  found ??= executable();
  return found;
}

/** The program comes with a package of AWS; its archive does not always keep the right to execute. */
function executable(): string {
  const system = platform() === 'darwin' ? 'macos' : 'ubuntu';
  const machine = arch() === 'arm64' ? 'aarch64' : 'x86_64';
  const packaged = join(root, 'node_modules/@cdklabs/cdk-validator-cfnguard/bin', system, machine, 'cfn-guard');
  try {
    accessSync(packaged, constants.X_OK);
    return packaged;
  } catch {
    const copy = join(mkdtempSync(join(tmpdir(), 'edgepass-guard-')), 'cfn-guard');
    copyFileSync(packaged, copy);
    chmodSync(copy, 0o755);
    return copy;
  }
}
