/** The function in front of the API's distribution: as it is built, proved, and run under njs. */
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { bundleEdge, fillSettings } from '../../../generator/bundle/edge.ts';
import { proveEdge } from '../../../generator/bundle/edge-proof.ts';
import type { Field } from '../../../runtime/base/event.ts';
import contract from '../../../templates/api/module.ts';
import { describeWith } from '../../helpers/needs.ts';
import { type EdgeResult, runEdge } from '../../helpers/njs.ts';

const ENTRY = fileURLToPath(new URL('../../../runtime/api/viewer-request.ts', import.meta.url));
const EMPTY = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

async function text(): Promise<string> {
  const { viewerRequest } = contract.functions;
  if (viewerRequest?.kind !== 'edge-function') throw new Error('no edge function');
  const { flags, settings } = viewerRequest.configure({} as never, {} as never);
  return fillSettings((await bundleEdge({ entry: ENTRY, flags })).text, settings);
}

const field = (value: string, ...more: string[]): Field =>
  more.length === 0 ? { value } : { value, multiValue: [value, ...more].map((item) => ({ value: item })) };

const run = (headers: Record<string, Field>, method = 'POST') => ({
  event: {
    context: {},
    viewer: { ip: '2001:db8::7' },
    request: {
      method,
      uri: '/api/playback/trailer',
      querystring: {},
      headers: { host: field('play.example.com'), ...headers },
      cookies: {},
    },
  },
  rawQuery: null,
  now: 0,
  state: null,
  keys: null,
});

const sent = ({ answer, threw }: EdgeResult): Record<string, string> => {
  if (answer === undefined || answer.statusCode !== undefined) throw new Error(threw ?? 'an answer');
  return Object.fromEntries(Object.entries(answer.headers).map(([name, { value }]) => [name, value]));
};

it('is within what the runtime takes', async () => {
  const made = await text();
  expect(proveEdge(made)).toEqual([]);
  expect(made.length).toBeLessThan(2_000);
});

describeWith(['njs'], 'a request of a viewer', () => {
  it('says who the viewer is, and nothing that the viewer says of that', async () => {
    const results = runEdge(await text(), [
      run({
        authorization: field('Bearer a.b.c'),
        'x-edgepass-token': field('s.e.p.s'),
        'x-edgepass-authorization': field('Bearer forged'),
        'x-edgepass-viewer-address': field('198.51.100.1'),
        'x-edgepass-anything': field('x'),
        'x-amz-content-sha256': field('0'.repeat(64)),
        'user-agent': field('Player/1.0'),
      }),
    ]);
    expect(results.map(sent)).toEqual([
      {
        host: 'play.example.com',
        'user-agent': 'Player/1.0',
        'x-edgepass-token': 's.e.p.s',
        'x-edgepass-authorization': 'Bearer a.b.c',
        'x-edgepass-viewer-address': '2001:db8::7',
        'x-amz-content-sha256': EMPTY,
      },
    ]);
  });

  it('without a token, or with two, has none', async () => {
    const results = runEdge(await text(), [
      run({ 'x-edgepass-authorization': field('Bearer forged') }),
      run({ authorization: field('Bearer a', 'Bearer b'), 'x-edgepass-authorization': field('Bearer forged') }),
    ]);
    for (const headers of results.map(sent)) {
      expect(headers['x-edgepass-authorization']).toBeUndefined();
      expect(headers.authorization).toBeUndefined();
    }
  });

  it('that reads states no hash, and every other one that of no body', async () => {
    const methods = ['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS'];
    const hashes = runEdge(
      await text(),
      methods.map((method) => run({}, method)),
    ).map((one) => sent(one)['x-amz-content-sha256']);
    expect(hashes).toEqual([undefined, undefined, EMPTY, EMPTY, EMPTY, EMPTY]);
  });
});

describe('the contract', () => {
  it('has the functions that it says', () => {
    expect(Object.keys(contract.functions)).toEqual(['services', 'viewers', 'seed', 'viewerRequest']);
  });
});
