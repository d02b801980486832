/** `check.mjs` lets nothing through that survived without a reason. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';

const CHECK = fileURLToPath(new URL('check.mjs', import.meta.url));
const FILE = 'runtime/token/a.ts';
const SOURCE = 'const a = 1;\nconst b = f(\n  a,\n);\n';
const REASON = 'reason: It makes no difference to anybody.';

interface Mutant {
  mutatorName: string;
  replacement: string;
  status: string;
  location: { start: { line: number; column: number }; end: { line: number; column: number } };
}

const mutant = (status: string, replacement = '2'): Mutant => ({
  mutatorName: 'Number',
  replacement,
  status,
  location: { start: { line: 1, column: 11 }, end: { line: 1, column: 12 } },
});
const overLines = { start: { line: 2, column: 11 }, end: { line: 4, column: 2 } };
const killed = Array.from({ length: 20 }, (_, i) => mutant('Killed', String(i + 10)));

function check(mutants: Mutant[], list: string, ...options: string[]): { status: number | null; stdout: string } {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-mutation-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, 'reports/mutation'), { recursive: true });
  mkdirSync(join(folder, 'test/mutation'), { recursive: true });
  writeFileSync(
    join(folder, 'reports/mutation/mutation.json'),
    JSON.stringify({ files: { [FILE]: { source: SOURCE, mutants } } }),
  );
  writeFileSync(join(folder, 'test/mutation/survivors.yaml'), list);
  return spawnSync(process.execPath, [CHECK, ...options], { cwd: folder, encoding: 'utf8' });
}

const listed = (...names: string[]): string =>
  `- file: ${FILE}\n  ${REASON}\n  mutants:\n${names.map((name) => `    - '${name}'\n`).join('')}`;

describe('survivors', () => {
  it.each<[string, Mutant[], string, number]>([
    ['none', killed, '[]', 0],
    ['one that is explained', [...killed, mutant('Survived')], listed('Number: 1 → 2'), 0],
    [
      'one over several lines',
      [...killed, { ...mutant('Survived'), location: overLines }],
      listed('Number: f( a, ) → 2'),
      0,
    ],
    ['one that is not', [...killed, mutant('Survived')], '[]', 1],
    ['one that no test runs', [...killed, mutant('NoCoverage')], '[]', 1],
    ['two of which one is explained', [...killed, mutant('Survived'), mutant('Survived')], listed('Number: 1 → 2'), 1],
    [
      'one that is explained for another file',
      [...killed, mutant('Survived')],
      listed('Number: 1 → 2').replace('a.ts', 'b.ts'),
      1,
    ],
    ['one that has been killed since', [...killed, mutant('Killed')], listed('Number: 1 → 2'), 0],
    ['one that is not in the sources', killed, listed('Number: 1 → 2'), 1],
    ['many, all explained', [mutant('Killed'), mutant('Survived', '3')], listed('Number: 1 → 3'), 1],
    ['one without a reason', [...killed, mutant('Survived')], listed('Number: 1 → 2').replace(REASON, 'reason: no'), 1],
    ['one that was not run', [...killed, mutant('Ignored')], '[]', 0],
    ['one that took too long', [...killed, mutant('Timeout')], '[]', 0],
  ])('%s', (_name, mutants, list, expected) => {
    expect(check(mutants, list).status).toBe(expected);
  });

  it('are printed as they are to be listed', () => {
    const { stdout } = check([...killed, mutant('Survived')], '[]', '--print');
    const filled = stdout.replace('reason: ""', REASON);
    expect(check([...killed, mutant('Survived')], filled).status).toBe(0);
  });
});
