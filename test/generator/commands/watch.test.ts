import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Args, Io } from '../../../generator/commands/command.ts';
import { watch } from '../../../generator/commands/watch.ts';

it('tells what a run throws, and runs again at the next change', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-watch-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, 'config.yaml'), 'one');
  const ending = new AbortController();
  let said = '';
  const stderr = (text: string): void => {
    said += text;
  };
  const io = { cwd: folder, packageRoot: folder, interrupted: ending.signal, stderr } as unknown as Io;
  let runs = 0;
  const again = async (): Promise<void> => {
    runs += 1;
    if (runs < 3) throw new Error(`run ${runs} failed`);
  };
  const watching = watch({ args: { config: 'config.yaml' } as Args, io, again });
  for (const [run, words] of [
    [1, 'run 1 failed'],
    [2, 'run 2 failed'],
    [3, 'Ctrl-C ends.'],
  ] as const) {
    await vi.waitFor(() => expect([runs, said]).toEqual([run, expect.stringContaining(words)]), { timeout: 10_000 });
    // Before it says that it watches, it is not yet over with the first run.
    await vi.waitFor(() => expect(said).toContain('Ctrl-C ends.'), { timeout: 10_000 });
    writeFileSync(join(folder, 'config.yaml'), `changed after ${run}`);
  }
  ending.abort();
  await watching;
});
