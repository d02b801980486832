/** Node.js in place of njs is worth something as long as both say the same. */
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { edgeSettings } from '../../runtime/base/edge-settings.ts';
import { describeWith } from '../helpers/needs.ts';
import { runEdge as runInNjs } from '../helpers/njs.ts';
import { bundleEdge, fillSettings } from '../helpers/node-bundle.ts';
import { runEdge as runInNode } from '../helpers/node-edge.ts';
import {
  AGENT,
  type Asked,
  bind,
  claims,
  edgeText,
  environment,
  IPV4,
  options,
  run,
  SESSION,
  state,
  token,
} from '../runtime/base/world.ts';

const ENTRY = fileURLToPath(new URL('../../runtime/base/validator.ts', import.meta.url));
const all = token(
  bind(claims(['/all/ch1/'], { ssn: SESSION, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'] }), [
    ['i', '4/32', IPV4],
    ['h', 'user-agent', AGENT],
  ]),
);
const vod = token(claims(['/vod/']));
const query = token(claims(['/query/']));

const requests: fc.Arbitrary<Asked> = fc.record(
  {
    uri: fc.constantFrom(
      ...[`/${all}/all/ch1/a`, `/${vod}/vod/a`, `/${vod}/vod/../a`, `/${vod}x/vod/a`, '/vod/a', '/query/a'],
      ...['/off/a', '/report/a', '/elsewhere/a'],
    ),
    method: fc.constantFrom('GET', 'OPTIONS', 'POST'),
    headers: fc.constantFrom(
      { 'cloudfront-viewer-country': 'FR' },
      { 'cloudfront-viewer-country': ['FR', 'FR'], 'x-edgepass-a': 'b' },
      { origin: 'https://www.example.com', 'access-control-request-method': 'GET' },
    ),
    query: fc.constantFrom(`a=1&token=${query}`, 'token=', '%74oken=x'),
    state: fc.constantFrom(state(), state({ override: { mode: 'report', until: 1_900_000_000 } }), null, 'ep1'),
    revoked: fc.constantFrom([], [`r.${SESSION}`], null),
  },
  { requiredKeys: ['uri', 'headers'] },
);

describeWith(['njs'], 'the two engines', () => {
  it('give the same answers, logs and reads', async () => {
    const runs = fc.sample(requests, { numRuns: 400, seed: 20_261_123 }).map(run);
    const { flags, settings } = edgeSettings(environment, options);
    const text = fillSettings((await bundleEdge({ entry: ENTRY, flags: { ...flags } })).text, settings);
    expect(runInNode(text, runs)).toEqual(runInNjs(await edgeText(), runs));
  });
});
