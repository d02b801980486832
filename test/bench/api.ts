/**
 * The Lambda function of the token API, as it ships: how large its package is, how long a process takes to load it, and how much
 * processor time a token costs in it. AWS is not asked: stores answer from memory, through real SDK clients.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleLambda } from '../../generator/bundle/lambda.ts';
import { zip as makeZip } from '../../generator/bundle/zip.ts';
import { apiWorld, PLAYBACK } from '../runtime/api/world.ts';

const root = process.cwd();
const RUNS = 15;
const TOKENS = 2_000;

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;

const { text } = await bundleLambda({ entry: join(root, 'runtime/api/lambda.ts'), root });
const zip = makeZip({ 'index.mjs': new TextEncoder().encode(text) });
process.stdout.write(
  `package: ${(zip.length / 1000).toFixed(0)} KB zipped (at most 250), ${(text.length / 1000).toFixed(0)} KB of text\n`,
);

const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
try {
  const file = join(folder, 'index.mjs');
  writeFileSync(file, text);
  const probe = `
    const cpu = process.cpuUsage(); const start = performance.now();
    await import(${JSON.stringify(file)});
    const { user, system } = process.cpuUsage(cpu);
    console.log(JSON.stringify([performance.now() - start, (user + system) / 1000]));`;
  const times = Array.from({ length: RUNS }, () =>
    JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', probe], { encoding: 'utf8' })),
  ) as [number, number][];
  const wall = times.map(([time]) => time);
  const cpu = median(times.map(([, time]) => time));
  process.stdout.write(
    `cold import: ${median(wall).toFixed(0)} ms (best ${Math.min(...wall).toFixed(0)}), ${cpu.toFixed(0)} ms of processor (at most 120 ms)\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}

for (const kind of ['services', 'viewers'] as const) {
  const world = await apiWorld({ kind });
  const sent = kind === 'services' ? { body: PLAYBACK } : {};
  const ask = async (): Promise<void> => {
    const { status } = await world.ask('POST', '/playback/trailer', sent);
    if (status !== 201) throw new Error(String(status));
    world.told.length = 0;
    world.calls.length = 0;
  };
  const before = process.cpuUsage();
  await ask();
  const first = process.cpuUsage(before);
  for (let i = 0; i < 200; i++) await ask();
  const warm = process.cpuUsage();
  for (let i = 0; i < TOKENS; i++) await ask();
  const { user, system } = process.cpuUsage(warm);
  process.stdout.write(
    `token for ${kind}: ${((user + system) / 1000 / TOKENS).toFixed(2)} ms of processor (at most 15), the first ${((first.user + first.system) / 1000).toFixed(1)} ms\n`,
  );
}
