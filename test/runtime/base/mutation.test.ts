/** Random damage: no token but the issued one passes, and nothing a client sends ends in an exception. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import { AGENT, type Asked, bind, claims, edgeText, IPV4, run, SESSION, token, verdict } from './world.ts';

const content = bind(claims(['/all/ch1/'], { ssn: SESSION, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'] }), [
  ['i', '4/32', IPV4],
  ['h', 'user-agent', AGENT],
]);
const good = token(content);
const SEED = 20_261_123;
const headers = { 'cloudfront-viewer-country': 'FR' };
const character = fc.constantFrom(...'AZaz09-_.=+/%~!;\n\u00e9 eyJ'.split(''));

const damage = fc.array(
  fc.record({ at: fc.nat(good.length), cut: fc.nat(3), put: fc.string({ unit: character, maxLength: 3 }) }),
  { minLength: 1, maxLength: 3 },
);

function damaged(edits: { at: number; cut: number; put: string }[]): string {
  return edits.reduce((text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut), good);
}

describeWith(['njs'], 'random damage', () => {
  it('to a token is never passed', async () => {
    const tokens = fc
      .sample(damage, { numRuns: 3000, seed: SEED })
      .map(damaged)
      .filter((text) => text !== good);
    const results = runEdge(
      await edgeText(),
      tokens.map((text) => run({ uri: `/${text}/all/ch1/a`, headers })),
    );
    const passed = tokens.filter(
      (_, i) => !/^4\d\d \w+$/.test(verdict(results[i] as NonNullable<(typeof results)[0]>)),
    );
    expect(passed).toEqual([]);
    expect(results.flatMap((result) => result.logs).filter((line) => line.includes('internal'))).toEqual([]);
  });

  it('to whole requests never throws', async () => {
    const junk = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(good, `${good}.${good}`, '__proto__', ''),
    );
    const name = fc.constantFrom(
      'token',
      'ept',
      'x-token',
      '__proto__',
      'constructor',
      'user-agent',
      'cloudfront-viewer-country',
      'origin',
      'host',
    );
    const values = fc.dictionary(name, fc.oneof(junk, fc.array(junk, { minLength: 2, maxLength: 3 })), { maxKeys: 4 });
    const stream = fc.constantFrom('all', 'query', 'cookie', 'header', 'report', 'off', 'hosted', 'device', 'site');
    const request: fc.Arbitrary<Asked> = fc.record({
      uri: fc
        .tuple(fc.constantFrom('', `/${good}`, `/${good}x`), stream, junk)
        .map(([front, path, rest]) => `${front}/${path}/${rest}`),
      method: fc.constantFrom('GET', 'HEAD', 'OPTIONS', 'POST', ''),
      headers: values,
      cookies: values,
      query: junk,
      ip: fc.oneof(fc.ipV4(), fc.ipV6(), junk),
    });
    const results = runEdge(await edgeText(), fc.sample(request, { numRuns: 2000, seed: SEED }).map(run));
    expect(results.filter((result) => result.threw !== undefined)).toEqual([]);
    expect(results.flatMap((result) => result.logs).filter((line) => line.includes('internal'))).toEqual([]);
  });
});
