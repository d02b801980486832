/** Answers of the function's own: headers of refusals and preflights. */
import { expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import { type Asked, claims, edgeText, environment, options, run, table, token } from './world.ts';

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
});

table('preflights are answered', [
  ['without a token', { uri, method: 'OPTIONS', headers: ask }, '204'],
  ['in report', { uri: '/report/a', method: 'OPTIONS', headers: ask }, '204'],
  ['without a state', { uri, method: 'OPTIONS', headers: ask, state: null }, '204'],
  ['not for paths of no stream', { uri: '/site/a', method: 'OPTIONS', headers: ask }, '403 path_not_allowed'],
  ['not for other paths', { uri: '/vod/../a', method: 'OPTIONS', headers: ask }, '400 path_not_canonical'],
  ['not where nothing is checked', { uri: '/off/a', method: 'OPTIONS', headers: ask }, 'pass /off/a'],
]);
