/** Tests that need a tool which is not an npm package: skipped with a hint where it is missing, failed in CI. */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, it } from 'vitest';

const VENV = fileURLToPath(new URL('../../.venv/bin', import.meta.url));

/** Tools of which setup installs one version there. Others find other things: they are no finding of ours. */
const PINNED = ['actionlint', 'cfn-lint', 'ministack', 'zizmor'];

/** Absolute path of a tool on PATH or in the repository's `.venv/bin`; `undefined` when it is not installed. */
export function toolPath(tool: string): string | undefined {
  const path = PINNED.includes(tool) ? '' : (process.env.PATH ?? '');
  const folders = [VENV, ...path.split(delimiter).filter((folder) => folder !== '')];
  return folders.map((folder) => join(folder, tool)).find(isExecutable);
}

/** Whether a tool is installed. */
export function needs(tool: string): boolean {
  return toolPath(tool) !== undefined;
}

/** `describe` for tests that need tools. */
export function describeWith(tools: readonly string[], name: string, fn: () => void): void {
  const missing = tools.filter((tool) => !needs(tool));
  if (missing.length === 0) {
    describe(name, fn);
    return;
  }
  const hint = `needs ${missing.join(', ')} (npm run setup:system)`;
  if (process.env.CI === 'true') {
    describe(name, () => {
      it('has its tools', () => {
        throw new Error(hint);
      });
    });
    return;
  }
  describe.skip(`${name} - skipped: ${hint}`, fn);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
