/** Which tool of this machine is taken for one of the tests. */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import { toolPath } from './needs.ts';

const folder = mkdtempSync(join(tmpdir(), 'edgepass-tools-'));

beforeAll(() => {
  for (const name of ['cfn-lint', 'ministack', 'zizmor', 'actionlint', 'njs-of-mine']) {
    writeFileSync(join(folder, name), '#!/bin/sh\n');
    chmodSync(join(folder, name), 0o755);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));
afterEach(() => vi.unstubAllEnvs());

it.each(['cfn-lint', 'ministack', 'zizmor', 'actionlint'])('takes no %s of another version than ours', (tool) => {
  vi.stubEnv('PATH', folder);
  expect(toolPath(tool) ?? '').not.toContain(folder);
});

it('takes others from PATH', () => {
  vi.stubEnv('PATH', folder);
  expect(toolPath('njs-of-mine')).toBe(join(folder, 'njs-of-mine'));
});
