// Tokens a second on one thread: `npm run bench -- tokens`. `edgepass/token` beside JWT libraries that sign the same claims with the
// same key; medians of several rounds in which all take turns. Where other processes want the cores, tokens per second of CPU time
// say what one thread would give: a process that waits for a core uses none.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const ROUNDS = 7;
const ROWS = {
  'two createHmac, no more': ['bound'],
  'edgepass/token, issue()': ['bound'],
  'edgepass/token': ['given', 'bound'],
  'fast-jwt': ['given', 'bound'],
  jsonwebtoken: ['given', 'bound'],
  jose: ['given', 'bound'],
};

/** The library, with what `issue` is made of. */
async function bundleLibrary(folder) {
  const outfile = join(folder, 'token.mjs');
  const contents = "export * from './index.ts'; export { collectBound, signBound } from './bind-viewer.ts';";
  const stdin = { contents, resolveDir: resolve(import.meta.dirname, '../../runtime/issuer') };
  await build({ stdin, outfile, bundle: true, format: 'esm', platform: 'node', target: 'node20' });
  return outfile;
}

const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
const rows = Object.entries(ROWS).flatMap(([name, kinds]) => kinds.map((kind) => ({ name, kind, times: [] })));
try {
  const bundle = await bundleLibrary(folder);
  const child = join(import.meta.dirname, 'tokens-run.mjs');
  for (let round = 0; round < ROUNDS; round++)
    for (const { name, kind, times } of rows)
      times.push(JSON.parse(execFileSync(process.execPath, [child, bundle, name, kind], { encoding: 'utf8' })));
} finally {
  rmSync(folder, { recursive: true });
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
const rate = (seconds) =>
  Math.round(1 / median(seconds))
    .toLocaleString('en-US')
    .padStart(13);
function figures(name, kind) {
  const row = rows.find((one) => one.name === name && one.kind === kind);
  if (row === undefined) return '–'.padStart(13).repeat(2);
  return rate(row.times.map(({ elapsed }) => elapsed)) + rate(row.times.map(({ cpu }) => cpu));
}
process.stdout.write(`node ${process.version}, tokens on one thread, medians of ${ROUNDS} processes each\n\n`);
process.stdout.write(`${''.padEnd(26)}${'claims given'.padStart(26)}${'binding computed too'.padStart(26)}\n`);
process.stdout.write(`${''.padEnd(26)}${`${'a second'.padStart(13)}${'a CPU second'.padStart(13)}`.repeat(2)}\n`);
for (const name of Object.keys(ROWS))
  process.stdout.write(`${name.padEnd(26)}${figures(name, 'given')}${figures(name, 'bound')}\n`);
process.stdout.write(
  '\nissue() also checks request, URL and policy, works out the network and gives the playback URL. jose signs on other threads.\n',
);
