/** The edge check under njs beside a floor handler: `npm run bench -- edge`. */
import { needs } from '../helpers/needs.ts';
import { edgeCase } from './edge-case.ts';
import { type Engine, engine } from './edge-engine.ts';

const ROUNDS = 9;
const CALLS = 20_000;

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
}

if (!needs('njs') || !needs('valgrind')) {
  process.stderr.write('skipped: needs njs and valgrind (npm run setup:system)\n');
} else {
  const { now, state, usual, full, floor, events } = await edgeCase();
  const load = (text: string, event: object): Engine => engine({ text, event, now, state });
  const rows = [
    { name: 'floor: two HMACs, one read, two JSON.parse', run: load(floor, events.valid), times: [] as number[] },
    { name: 'edge check, valid token', run: load(usual.text, events.valid), times: [] as number[] },
    { name: 'edge check, invalid signature', run: load(usual.text, events.forged), times: [] as number[] },
    { name: 'edge check, claims in another order', run: load(usual.text, events.reordered), times: [] as number[] },
  ];
  // In turns, so that a machine that slows down slows all of them.
  for (let round = 0; round < ROUNDS; round++) for (const row of rows) row.times.push(row.run.seconds(CALLS));
  const counts = rows.map(({ run }) => run.instructions(1000));
  const floorTime = median((rows[0] as (typeof rows)[0]).times);
  process.stdout.write(
    `njs, token with session, country, IP /24 and one header; medians of ${ROUNDS} × ${CALLS} calls\n\n`,
  );
  process.stdout.write(`${''.padEnd(44)}      µs   a second   of floor   instructions   of floor\n`);
  rows.forEach(({ name, times }, i) => {
    const seconds = median(times);
    const count = counts[i] as number;
    const figures = [
      (seconds * 1e6).toFixed(1).padStart(8),
      Math.round(1 / seconds)
        .toLocaleString('en-US')
        .padStart(11),
      (floorTime / seconds).toFixed(2).padStart(11),
      Math.round(count).toLocaleString('en-US').padStart(15),
      ((counts[0] as number) / count).toFixed(2).padStart(11),
    ];
    process.stdout.write(`${name.padEnd(44)}${figures.join('')}\n`);
  });
  for (const [name, { text, settings }] of Object.entries({ 'this configuration': usual, 'every feature': full }))
    process.stdout.write(`\nsize, ${name}: ${text.length} bytes, ${settings} of them settings`);
  process.stdout.write('\n');
  for (const { run } of rows) run.free();
}
