/** Modes, the operator's override, log lines. */
import { expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { type EdgeResult, runEdge } from '../../helpers/njs.ts';
import {
  type Asked,
  claims,
  edgeText,
  environment,
  K1,
  NOW,
  options,
  run,
  SESSION,
  state,
  table,
  token,
} from './world.ts';

const vod = token(claims(['/vod/']));
const off = token(claims(['/off/']));
const report = token(claims(['/report/'], { ssn: SESSION }));
const expired = token(claims(['/report/'], { ssn: SESSION, iat: NOW - 20, exp: NOW - 10 }));
const toReport = state({ override: { mode: 'report', until: NOW + 10 } });
const toEnforce = state({ override: { mode: 'enforce', until: NOW + 10 } });

table('off', [
  ['without a token', { uri: '/off/a' }, 'pass /off/a'],
  ['with one', { uri: `/${off}/off/a` }, 'pass /off/a'],
  ['with a broken one', { uri: `/${off}AA/off/a` }, 'pass /off/a'],
  ['POST', { uri: '/off/a', method: 'POST' }, 'pass /off/a'],
  ['without a state', { uri: '/off/a', state: null }, 'pass /off/a'],
  ['an override does not reach it', { uri: '/off/a', state: toEnforce }, 'pass /off/a'],
]);

table('report', [
  ['a good token', { uri: `/${report}/report/a` }, 'pass /report/a'],
  ['no token', { uri: '/report/a' }, 'pass /report/a'],
  ['a broken one', { uri: `/${report}AA/report/a` }, 'pass /report/a'],
  ['an expired one', { uri: `/${expired}/report/a` }, 'pass /report/a'],
  ['no state', { uri: `/${report}/report/a`, state: { fail: true } }, 'pass /report/a'],
  ['a revoked session', { uri: `/${report}/report/a`, revoked: [`r.${SESSION}`] }, 'pass /report/a'],
  ['revocations unknown', { uri: `/${report}/report/a`, revoked: null }, 'pass /report/a'],
  ['POST', { uri: '/report/a', method: 'POST' }, 'pass /report/a'],
]);

table('override', [
  ['report', { uri: '/vod/a', state: toReport }, 'pass /vod/a'],
  ['report, with a broken token', { uri: `/${vod}AA/vod/a`, state: toReport }, 'pass /vod/a'],
  ['report, ended', { uri: '/vod/a', state: toReport, now: NOW + 10 }, '401 token_missing'],
  ['report, last second', { uri: '/vod/a', state: toReport, now: NOW + 9 }, 'pass /vod/a'],
  ['report, path still canonical', { uri: '/vod/../a', state: toReport }, '400 path_not_canonical'],
  ['report, path of no stream', { uri: '/site/a', state: toReport }, '403 path_not_allowed'],
  ['enforce', { uri: '/report/a', state: toEnforce }, '401 token_missing'],
  ['enforce, ended', { uri: '/report/a', state: toEnforce, now: NOW + 10 }, 'pass /report/a'],
  ['enforce, state unknown', { uri: '/report/a', state: null }, 'pass /report/a'],
]);

const good = state();
const bad: [string, string][] = [
  ['empty', ''],
  ['another format', '{"keys":[]}'],
  ['another version', good.replace('ep1', 'ep2')],
  ['cut', good.slice(0, -1)],
  ['longer', `${good}A`],
  ['a newline at the end', `${good}\n`],
  ['without a length', good.replace(/^ep1 \d+/, 'ep1')],
  ['no keys', 'ep1 040 0000000000 -0000000000 acme/test'.replace('040', '40')],
  ['a bad character in the key', good.replaceAll(K1.sign, `${K1.sign.slice(0, 20)}*${K1.sign.slice(21)}`)],
  ['separators gone', good.replaceAll('|', ' ')],
];
table('malformed states', [
  ...bad.map(([name, text]): [string, Asked, string] => [
    name,
    { uri: `/${vod}/vod/a`, state: text },
    '503 state_unavailable',
  ]),
  ['none, but the token is malformed anyway', { uri: `/${vod}A/vod/a`, state: null }, '401 token_malformed'],
  [
    'none, but the method is wrong anyway',
    { uri: `/${vod}/vod/a`, method: 'PUT', state: null },
    '403 method_not_allowed',
  ],
]);

describeWith(['njs'], 'what the store is asked', () => {
  it('is the state, and the session only when all else is fine', async () => {
    const asked: Asked[] = [
      { uri: `/${report}/report/a` },
      { uri: `/${expired}/report/a` },
      { uri: `/${vod}/vod/a` },
      { uri: '/vod/../a' },
      { uri: '/off/a' },
      { uri: `/${token(claims(['/vod/'], { ssn: 'x'.repeat(23) }))}/vod/a` },
    ];
    const reads = runEdge(await edgeText(), asked.map(run)).map((result) => result.reads);
    expect(reads.slice(0, 5)).toEqual([['get state', `exists r.${SESSION}`], ['get state'], ['get state'], [], []]);
    expect(reads[5]?.[1]).toMatch(/^exists r\.[\w-]{22}$/);
  });
});

describeWith(['njs'], 'log lines', () => {
  const lines = async (asked: Asked[], log: 'none' | 'refused' | 'all'): Promise<unknown[][]> => {
    const results: EdgeResult[] = runEdge(await edgeText(environment, { ...options, log }), asked.map(run));
    return results.map((result) => result.logs.map((line) => JSON.parse(line)));
  };
  const asked: Asked[] = [
    { uri: `/${vod}/vod/a` },
    { uri: `/${expired}/report/a` },
    { uri: `/${expired.replace('report', 'x')}/vod/secret?`.replace('?', '') },
    { uri: '/vod/../a' },
  ];

  it('say what enforce would have done', async () => {
    const [pass, reported, refused, early] = await lines(asked, 'refused');
    expect(pass).toEqual([]);
    expect(reported).toEqual([
      {
        v: 1,
        reason: 'token_expired',
        status: 401,
        stream: 'report',
        mode: 'report',
        kid: K1.kid,
        ssn: SESSION,
        request: 'request-1',
      },
    ]);
    expect(refused).toMatchObject([{ reason: 'token_expired', stream: 'vod', mode: 'enforce' }]);
    expect(early).toEqual([{ v: 1, reason: 'path_not_canonical', status: 400, mode: 'enforce', request: 'request-1' }]);
  });

  it('are written for passes too, or not at all', async () => {
    expect((await lines(asked, 'all'))[0]).toMatchObject([{ reason: 'pass', status: 200, stream: 'vod', kid: K1.kid }]);
    expect((await lines(asked, 'none')).flat()).toEqual([]);
  });

  it('have no request id where there is none', async () => {
    const nameless = run({ uri: '/vod/a' });
    nameless.event.context = {};
    const [result] = runEdge(await edgeText(), [nameless]);
    expect(result?.logs.map((line) => JSON.parse(line))).toEqual([
      { v: 1, reason: 'token_missing', status: 401, stream: 'vod', mode: 'enforce' },
    ]);
  });

  it('stay small whatever is sent', async () => {
    const huge = token(claims(['/vod/'], { ssn: 's'.repeat(64) }));
    const runs = [
      { uri: `/${huge}/site/${'a'.repeat(4000)}` },
      { uri: `/${'b'.repeat(64)}.eyJ${'A'.repeat(3000)}.x/vod/a` },
    ].map(run);
    for (const { event } of runs) event.context.requestId = '"\\'.repeat(2000);
    for (const { logs } of runEdge(await edgeText(), runs)) {
      expect(logs).toHaveLength(1);
      expect(Buffer.byteLength(logs[0] as string)).toBeLessThanOrEqual(512);
      expect(logs[0]).not.toContain('eyJ');
    }
  });
});

const damaged = (at: number, text: string): string => {
  const whole = state({ override: { mode: 'report', until: NOW + 600 } });
  return whole.slice(0, at) + text + whole.slice(at + text.length);
};
table('times in a state that are no numbers are read against the viewer', [
  ['the end of an override', { uri: '/vod/a', state: damaged(20, 'X'.repeat(10)) }, '401 token_missing'],
  [
    'void before',
    {
      uri: `/${vod}/vod/a`,
      state: damaged(8, 'Z'.repeat(10)).replace(/ r\d{10} /, ' -0000000000 '),
      edgeAlone: 'The edge looks at the form of a state only where it uses it; to the reference this one is none.',
    },
    '410 token_voided',
  ],
]);
