/** What is said of an asset's policy beforehand is what an issuer, and with it the edge, refuses later. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { policiesMeetTheFloor } from '../../../generator/config/rules/assets.ts';
import type { Environment, Policy } from '../../../generator/modules/contract.ts';
import { createIssuer, customKey } from '../../../runtime/issuer/index.ts';

const some = <T>(...items: T[]): fc.Arbitrary<T[]> => fc.subarray(items, { minLength: 1 });
const width = (...widths: number[]): fc.Arbitrary<number> => fc.constantFrom(...widths);

const network = fc
  .record({ v4: width(16, 24, 32), v6: width(48, 64) }, { requiredKeys: [] })
  .filter((ip) => Object.keys(ip).length > 0);
const bind = fc
  .record({ ip: network, headers: some('user-agent', 'x-device'), query: some('device', 'q') }, { requiredKeys: [] })
  .filter((bound) => Object.keys(bound).length > 0);

const policy = fc
  .record(
    {
      lifetime: width(60, 3600),
      session: fc.boolean(),
      countries: some('FR', 'BE', 'US'),
      regions: some('FR-IDF', 'US-CA'),
      cities: some('Paris', 'Lyon'),
      fallback: some('countries', 'regions', 'cities') as fc.Arbitrary<NonNullable<Policy['fallback']>>,
      bind,
    },
    { requiredKeys: ['lifetime', 'session'] },
  )
  // What another rule refuses is no policy.
  .map(
    ({ cities, ...rest }): Policy =>
      rest.countries === undefined || cities === undefined ? rest : { ...rest, cities },
  );

it('finds a policy too weak exactly where an issuer warns of it', () => {
  let weak = 0;
  fc.assert(
    fc.property(policy, policy, policy, fc.option(width(30, 3600), { nil: undefined }), (floor, other, own, max) => {
      const streams: Environment['streams'] = {
        vod: {
          paths: ['/vod/'],
          policy: 'floor',
          mode: 'enforce',
          carriage: { in: 'path' },
          ...(max === undefined ? {} : { maxLifetime: max }),
        },
        live: { paths: ['/live/'], policy: 'other', mode: 'enforce', carriage: { in: 'path' } },
      };
      const policies = { floor, other, own };
      const { warnings } = createIssuer({ keys: customKey(() => ''), audience: 'acme/test', policies, streams });
      const warned = warnings.some((warning) => warning.policy === 'own' && warning.stream === 'vod');
      const assets = {
        a: { stream: 'vod', path: '/vod/a/', playlists: { hls: 'index.m3u8' }, policy: 'own', demo: false },
      };
      const found = policiesMeetTheFloor({ policies, streams, assets } as unknown as Environment);
      if (warned) weak++;
      expect(found.length > 0).toBe(warned);
    }),
    { numRuns: 2000, seed: 6 },
  );
  expect(weak).toBeGreaterThan(200);
});
