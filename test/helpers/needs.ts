/** Tests that need a tool of the system: skipped with a word on how to get it, but a failure in CI. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, it } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

/** Path of a command: in the project's Python environment or on PATH; undefined when it is not installed. */
export function toolPath(tool: string): string | undefined {
  const folders = [join(root, '.venv/bin'), ...(process.env.PATH ?? '').split(delimiter)];
  return folders.map((folder) => join(folder, tool)).find((file) => existsSync(file));
}

/** A `describe` whose tests run where all tools are there. */
export function describeWith(tools: readonly string[], name: string, tests: () => void): void {
  const missing = tools.filter((tool) => toolPath(tool) === undefined);
  if (missing.length === 0) {
    describe(name, tests);
    return;
  }
  const reason = `needs ${missing.join(', ')} (npm run setup:system)`;
  if (process.env.CI === 'true')
    it(`${name}: ${reason}`, () => {
      throw new Error(`CI has to run this: ${reason}`);
    });
  else describe.skip(`${name} [skipped: ${reason}]`, tests);
}
