/** Modules that another one needs: said by `validate` too, where the operator can mend it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { root } from '../../helpers/config.ts';
import { run } from '../../helpers/fake-io.ts';

const folder = mkdtempSync(join(tmpdir(), 'edgepass-modules-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const EXAMPLE = readFileSync(join(root, 'config.yaml'), 'utf8');

/** Code, the line that the place is on, and the hint, of each error. */
async function errorsOf(command: string, text: string): Promise<string[][]> {
  writeFileSync(join(folder, 'config.yaml'), text);
  const { stdout } = await run([command, '--json'], { cwd: folder });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: { code: string; severity: string; hint: string; place?: { line: number } }[];
  };
  return diagnostics
    .filter(({ severity }) => severity === 'error')
    .map(({ code, place, hint }) => [code, text.split('\n')[(place?.line ?? 0) - 1]?.trim() ?? '', hint]);
}

it.each(['validate', 'generate'])('%s points to the module that lacks another one', async (command) => {
  const text = EXAMPLE.replace(/^modules:/m, 'modules:\n  demo: {}');
  expect(await errorsOf(command, text)).toEqual([
    ['EP2003', 'demo: {}', 'Add `api: {}` under `modules`, or take `demo` away.'],
  ]);
});

it.each(['validate', 'generate'])('%s points to where the other one is taken away', async (command) => {
  const text = EXAMPLE.replace(/^modules:/m, 'modules:\n  demo: {}\n  api: {}').replace(
    /^ {4}protected: true/m,
    '    protected: true\n    modules: {api: null}',
  );
  const hint = 'Leave `api: null` out, or take `demo` away with it: `demo: null`.';
  expect(await errorsOf(command, text)).toEqual([['EP2003', 'modules: {api: null}', hint]]);
});
