/** Answers of the function's own: headers of refusals and preflights. */
import { expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import {
  type Asked,
  bind,
  claims,
  edgeText,
  environment,
  IPV4,
  NOW,
  options,
  run,
  state,
  table,
  token,
  verdict,
} from './world.ts';

const www = 'https://www.example.com';
const uri = '/vod/a';

async function headersOf(asked: Asked, cors = environment.cors, exposeReason = true): Promise<Record<string, string>> {
  const [result] = runEdge(await edgeText({ ...environment, cors }, { ...options, exposeReason }), [run(asked)]);
  expect(result?.threw).toBeUndefined();
  const headers = Object.entries(result?.answer?.headers ?? {});
  return Object.fromEntries(headers.map(([name, field]) => [name, field.value]));
}

describeWith(['njs'], 'refusals', () => {
  it('are never stored, and say why to a listed origin', async () => {
    expect(await headersOf({ uri, headers: { origin: www } })).toEqual({
      'cache-control': 'no-store',
      vary: 'origin',
      'access-control-allow-origin': www,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-edgepass-reason',
      'x-edgepass-reason': 'token_missing',
    });
  });

  it.each([['https://evil.example'], ['null'], [''], [`${www}.evil.example`], [www.toUpperCase()]])(
    'give nothing to the origin %j',
    async (origin) => {
      const headers = await headersOf({ uri, headers: { origin } });
      expect(headers).not.toHaveProperty('access-control-allow-origin');
      expect(headers).not.toHaveProperty('access-control-allow-credentials');
      expect(headers.vary).toBe('origin');
    },
  );

  it('give nothing to a repeated origin', async () => {
    expect(await headersOf({ uri, headers: { origin: [www, www] } })).not.toHaveProperty('access-control-allow-origin');
  });

  it('never allow credentials with *', async () => {
    const headers = await headersOf({ uri, headers: { origin: www } }, { origins: ['*'], credentials: true });
    expect(headers['access-control-allow-origin']).toBe('*');
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(headers).not.toHaveProperty('vary');
  });

  it('allow no credentials where the configuration does not', async () => {
    const headers = await headersOf({ uri, headers: { origin: www } }, { origins: [www], credentials: false });
    expect(headers['access-control-allow-origin']).toBe(www);
    expect(headers).not.toHaveProperty('access-control-allow-credentials');
    expect(headers.vary).toBe('origin');
  });

  it('have no CORS header without origins', async () => {
    const headers = await headersOf({ uri, headers: { origin: www } }, { origins: [], credentials: false });
    expect(headers).toEqual({ 'cache-control': 'no-store', 'x-edgepass-reason': 'token_missing' });
  });

  it('keep the reason to themselves where it is not exposed', async () => {
    const headers = await headersOf({ uri, headers: { origin: www } }, environment.cors, false);
    expect(Object.keys(headers).filter((name) => /reason|expose/.test(name))).toEqual([]);
  });

  it('say when to come back after an outage', async () => {
    expect((await headersOf({ uri: `/${token(claims(['/vod/']))}${uri}`, state: null }))['retry-after']).toBe('5');
  });
});

const ask = { origin: www, 'access-control-request-method': 'GET' };

describeWith(['njs'], 'preflights', () => {
  it('allow reading, and the headers that carry or bind a token', async () => {
    expect(await headersOf({ uri, method: 'OPTIONS', headers: ask })).toEqual({
      'cache-control': 'no-store',
      vary: 'origin',
      'access-control-allow-origin': www,
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, HEAD',
      'access-control-allow-headers': 'range, x-token, user-agent',
      'access-control-max-age': '7200',
    });
  });

  it('allow nothing without origins', async () => {
    const headers = await headersOf({ uri, method: 'OPTIONS', headers: ask }, { origins: [], credentials: false });
    expect(headers).toEqual({ 'cache-control': 'no-store' });
  });

  it('allow every origin with *', async () => {
    const headers = await headersOf({ uri, method: 'OPTIONS', headers: ask }, { origins: ['*'], credentials: false });
    expect(headers).toMatchObject({ 'access-control-allow-origin': '*', 'access-control-allow-methods': 'GET, HEAD' });
  });
});

table('preflights are answered', [
  ['without a token', { uri, method: 'OPTIONS', headers: ask }, '204'],
  ['in report', { uri: '/report/a', method: 'OPTIONS', headers: ask }, '204'],
  ['without a state', { uri, method: 'OPTIONS', headers: ask, state: null }, '204'],
  ['not for paths of no stream', { uri: '/site/a', method: 'OPTIONS', headers: ask }, '403 path_not_allowed'],
  ['not for other paths', { uri: '/vod/../a', method: 'OPTIONS', headers: ask }, '400 path_not_canonical'],
  ['not with another method', { uri, method: 'POST', headers: ask }, '403 method_not_allowed'],
  [
    'not without an origin',
    { uri, method: 'OPTIONS', headers: { 'access-control-request-method': 'GET' } },
    '403 method_not_allowed',
  ],
  ['not where nothing is checked', { uri: '/off/a', method: 'OPTIONS', headers: ask }, 'pass /off/a'],
]);

const bound = (stream: string): string => {
  const content = claims([`/${stream}/`], { ssn: 's'.repeat(22), ip: 24, ip_ver: 4 });
  return `/${token(bind(content, [['i', '4/24', IPV4.replace(/\d+$/, '0')]]))}/${stream}/a`;
};

describeWith(['njs'], 'an error of ours', () => {
  it.each<[string, Asked]>([
    ['enforce', { uri: bound('network') }],
    ['report', { uri: bound('report') }],
    [
      'report of an operator',
      { uri: bound('network'), state: state({ override: { mode: 'report', until: NOW + 60 } }) },
    ],
  ])('is an outage in mode %s, and the log says whose', async (_name, asked) => {
    const sound = run(asked);
    const broken = structuredClone(sound);
    delete (broken.event as Partial<typeof broken.event>).viewer;
    const [good, bad] = runEdge(await edgeText(), [sound, broken]);
    expect(good?.answer?.statusCode).toBeUndefined();
    expect(verdict(bad as NonNullable<typeof bad>)).toBe('503 state_unavailable');
    expect(bad?.answer?.headers['retry-after']?.value).toBe('5');
    expect(bad?.logs.map((line) => JSON.parse(line))).toMatchObject([
      { reason: 'internal', status: 503, mode: 'enforce' },
    ]);
  });
});
