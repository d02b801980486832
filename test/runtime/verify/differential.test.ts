/** The edge function and the reference verifier agree about requests that come far; `CASES` asks for more of them. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Environment, Stream } from '../../../generator/modules/contract.ts';
import type { EdgeOptions } from '../../../runtime/base/edge-settings.ts';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import { differences, reference } from '../../helpers/reference.ts';
import { edgeText, environment, K1, K2, options, run } from '../base/world.ts';
import { requests } from './requests.ts';

const CASES = Number(process.env.CASES ?? 1500);
const SEED = Number(process.env.SEED ?? 20_261_123);

/** A deployment with one origin and some of the streams, so that much of the function is left out. */
const only = (...names: string[]): Environment => ({
  ...environment,
  origins: Object.fromEntries(Object.entries(environment.origins).slice(0, 1)),
  streams: Object.fromEntries(names.map((name) => [name, environment.streams[name] as Stream])),
});
const withHosts: Environment = {
  ...environment,
  streams: {
    ...environment.streams,
    inner: {
      paths: ['/vod/a/', '/vod/inner/'],
      policy: 'session',
      mode: 'enforce',
      carriage: { in: 'path' },
      hosts: ['media.example.com', 'b'],
    },
    same: { paths: ['/session/'], policy: 'plain', mode: 'report', carriage: { in: 'path' }, hosts: ['b'] },
  },
};

const WORLDS: [string, Environment, EdgeOptions][] = [
  ['every feature', environment, { ...options, log: 'all' }],
  [
    'any origin, unmatched passed',
    { ...environment, cors: { origins: ['*'], credentials: true } },
    { ...options, unmatched: 'pass' },
  ],
  [
    'no CORS, nothing said',
    { ...environment, cors: { origins: [], credentials: false } },
    { ...options, log: 'none', exposeReason: false },
  ],
  ['hosts', withHosts, { ...options, unmatched: 'pass' }],
  ['plain only, no CORS', { ...only('vod', 'session', 'off'), cors: { origins: [], credentials: false } }, options],
  ['countries only', only('country', 'vod', 'report'), options],
  ['cities and exceptions', only('city', 'all', 'other'), options],
  ['headers, query, other carriages', only('agent', 'device', 'query', 'header', 'vod'), options],
];

describeWith(['njs'], 'edge and reference', () => {
  it.each(WORLDS)(
    'agree: %s',
    async (_name, env, opts) => {
      const asked = fc.sample(requests, { numRuns: CASES, seed: SEED });
      const runs = asked.map(run);
      const results = runEdge(await edgeText(env, opts), runs);
      const ask = reference(env, opts);
      const reasons = new Set<string>();
      const wrong: unknown[] = [];
      for (const [index, one] of runs.entries()) {
        const trace = ask(one);
        reasons.add(trace.reason);
        const differ = differences(trace, results[index] as (typeof results)[number]);
        if (differ.length > 0) wrong.push({ differ, asked: asked[index], steps: trace.steps });
        expectSafe(JSON.stringify(trace.steps));
      }
      expect(wrong.slice(0, 2), `${wrong.length} differences`).toEqual([]);
      // Requests that all fail at the first check would show nothing.
      expect(reasons.size).toBeGreaterThan(10);
    },
    60_000 + 40 * CASES,
  );
});

/** No key, no signature, no whole token. */
function expectSafe(text: string): void {
  for (const key of [K1, K2]) for (const secret of [key.sign, key.bind]) expect(text).not.toContain(secret);
  expect(text).not.toMatch(/[\w-]{43}/);
}
