/** Counts the lines that the test files looked at. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** File with a line for each test file: lines looked at, lines with a secret. */
    logWatch: string;
  }
}

let file = '';

export function setup({ provide }: TestProject): void {
  file = join(mkdtempSync(join(tmpdir(), 'edgepass-log-watch-')), 'counts');
  writeFileSync(file, '');
  provide('logWatch', file);
}

export function teardown(): void {
  const counts = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split(' ').map(Number));
  const sum = (at: number): string => counts.reduce((all, count) => all + (count[at] ?? 0), 0).toLocaleString('en');
  process.stdout.write(`\n logs: ${sum(0)} lines of ${counts.length} test files looked at, ${sum(1)} with a secret\n`);
  rmSync(dirname(file), { recursive: true, force: true });
}
