/** The deployment that the tables of this folder are about, and requests to it. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { bundleEdge, fillSettings } from '../../../generator/bundle/edge.ts';
import type { Environment, Stream } from '../../../generator/modules/contract.ts';
import { type EdgeOptions, edgeSettings } from '../../../runtime/base/edge-settings.ts';
import type { Field } from '../../../runtime/base/event.ts';
import { encodeState } from '../../../runtime/keys/state.ts';
import { describeWith } from '../../helpers/needs.ts';
import { type EdgeResult, type EdgeRun, runEdge } from '../../helpers/njs.ts';
import { differences, reference } from '../../helpers/reference.ts';
import { type Attribute, signBinding, signToken, type TestKey, testKey } from '../../helpers/sign.ts';

export const NOW = 1_800_000_000;
export const AUD = 'acme/test';
export const SESSION = 'Ab0_-'.repeat(4).slice(0, 18).padEnd(22, 'x');
export const IPV4 = '203.0.113.77';
export const IPV6 = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
export const AGENT = 'Player/1.0 (TV; 2:3)';
export const K1 = testKey('key-1');
export const K2 = testKey('key-2');

const stream = (path: string, policy: string, more: Partial<Stream> = {}): Stream => ({
  paths: [path],
  policy,
  mode: 'enforce',
  carriage: { in: 'path' },
  ...more,
});

/** A deployment with every feature; tests that are about a smaller one change it. */
export const environment: Environment = {
  project: 'acme',
  name: 'test',
  account: '111122223333',
  region: 'eu-west-1',
  protected: false,
  tags: {},
  origins: {
    vod: { type: 'custom', domain: 'vod.example.com', protocol: 'https', timeout: 30 },
    live: { type: 'custom', domain: 'live.example.com', protocol: 'https', timeout: 30 },
  },
  domains: {},
  cors: { origins: ['https://www.example.com'], credentials: true },
  policies: {
    plain: { lifetime: 3600, session: false },
    session: { lifetime: 3600, session: true },
    network: { lifetime: 3600, session: false, bind: { ip: { v4: 24, v6: 56 } } },
    agent: { lifetime: 3600, session: false, bind: { headers: ['User-Agent'] } },
    device: { lifetime: 3600, session: false, bind: { query: ['device'] } },
    country: { lifetime: 3600, session: false, countries: ['FR', 'BE'] },
    region: { lifetime: 3600, session: false, regions: ['US-CA', 'US-NV'], fallback: ['regions'] },
    city: { lifetime: 3600, session: false, countries: ['FR'], cities: ['Paris', 'Lyon'], fallback: ['cities'] },
    all: {
      lifetime: 3600,
      session: true,
      countries: ['FR'],
      bind: { ip: { v4: 32, v6: 64 }, headers: ['user-agent'] },
    },
  },
  streams: {
    vod: stream('/vod/', 'plain', { maxLifetime: 7200 }),
    premium: stream('/vod/premium/', 'session'),
    session: stream('/session/', 'session'),
    network: stream('/network/', 'network'),
    agent: stream('/agent/', 'agent'),
    device: stream('/device/', 'device'),
    country: stream('/country/', 'country'),
    region: stream('/region/', 'region'),
    city: stream('/city/', 'city'),
    all: stream('/all/', 'all', { paths: ['/all/', '/ads/vip/'], exclude: ['/ads/', '/all/free/'], origin: 'live' }),
    other: stream('/other/', 'session', { exclude: ['/ads/'], origin: 'live' }),
    query: stream('/query/', 'plain', { carriage: { in: 'query', name: 'token' } }),
    cookie: stream('/cookie/', 'plain', { carriage: { in: 'cookie', name: 'ept' } }),
    header: stream('/header/', 'plain', { carriage: { in: 'header', name: 'X-Token' } }),
    report: stream('/report/', 'session', { mode: 'report' }),
    off: stream('/off/', 'plain', { mode: 'off' }),
    hosted: stream('/hosted/', 'plain', { hosts: ['Media.example.com'] }),
  },
  assets: {},
  modules: ['base'],
};

export const options: EdgeOptions = { unmatched: 'refuse', log: 'refused', exposeReason: true };

const ENTRY = fileURLToPath(new URL('../../../runtime/base/validator.ts', import.meta.url));

/** What the texts of `edgeText` are of. */
const made = new Map<string, [Environment, EdgeOptions]>();

/** The text that ships for an environment. */
export async function edgeText(env: Environment = environment, opts: EdgeOptions = options): Promise<string> {
  const { flags, settings } = edgeSettings(env, opts);
  const text = fillSettings((await bundleEdge({ entry: ENTRY, flags: { ...flags } })).text, settings);
  made.set(text, [env, opts]);
  return text;
}

export const state = (more: Partial<Parameters<typeof encodeState>[0]> = {}): string =>
  encodeState({ audience: AUD, keys: [K2, K1], voidBefore: 0, ...more });

/** Claims of a token that is valid for `path` now, with changes; `undefined` takes a claim out. */
export function claims(paths: string[], more: Record<string, unknown> = {}): Record<string, unknown> {
  return { aud: AUD, iat: NOW - 60, exp: NOW + 600, paths, ...more };
}

/** A token, with `ssn` as the session in front of it, if it is text and no other is given. */
export function token(content: Record<string, unknown>, more: { key?: TestKey; session?: string | null } = {}): string {
  const session = more.session === undefined ? content.ssn : more.session;
  return signToken({
    key: more.key ?? K1,
    claims: content,
    session: typeof session === 'string' ? session : undefined,
  });
}

/** Claims with `intsig` over attributes. */
export function bind(
  content: Record<string, unknown>,
  attributes: Attribute[],
  key: TestKey = K1,
): Record<string, unknown> {
  return {
    ...content,
    intsig: signBinding(key, content as { aud: string; ssn?: string; iat: number; exp: number }, attributes),
  };
}

/** What a request may differ in. Headers, cookies and parameters given as an array are repeated. */
export interface Asked {
  uri: string;
  method?: string;
  ip?: string;
  headers?: Record<string, string | string[]>;
  cookies?: Record<string, string | string[]>;
  /** Raw query string. */
  query?: string;
  /** `false`: a CloudFront that has no `rawQueryString()`. */
  raw?: false;
  now?: number;
  state?: EdgeRun['state'];
  revoked?: string[] | null;
  /** Why the reference verifier is not asked: what the edge does here is meant to differ from its reading. */
  edgeAlone?: string;
}

const field = (value: string | string[]): Field =>
  Array.isArray(value) ? { value: value[0] ?? '', multiValue: value.map((item) => ({ value: item })) } : { value };

const fields = (values: Record<string, string | string[]>): Record<string, Field> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, field(value)]));

function parseQuery(raw: string): Record<string, Field> {
  const values: Record<string, string[]> = {};
  for (const pair of raw.split('&').filter((part) => part !== '')) {
    const [name, ...rest] = pair.split('=') as [string, ...string[]];
    values[name] = [...(Object.hasOwn(values, name) ? (values[name] as string[]) : []), rest.join('=')];
  }
  return fields(Object.fromEntries(Object.entries(values).map(([k, v]) => [k, v.length === 1 ? (v[0] as string) : v])));
}

/** The event CloudFront would make of it. */
export function run(asked: Asked): EdgeRun {
  const headers = { host: 'd111111abcdef8.cloudfront.net', 'user-agent': AGENT, accept: '*/*', ...asked.headers };
  return {
    event: {
      context: { requestId: 'request-1' },
      viewer: { ip: asked.ip ?? IPV4 },
      request: {
        method: asked.method ?? 'GET',
        uri: asked.uri,
        querystring: parseQuery(asked.query ?? ''),
        headers: fields(headers),
        cookies: fields(asked.cookies ?? {}),
      },
    },
    rawQuery: asked.raw === false ? null : (asked.query ?? ''),
    now: (asked.now ?? NOW) * 1000 + 500,
    state: asked.state === undefined ? state() : asked.state,
    keys: asked.revoked === undefined ? [] : asked.revoked,
  };
}

/** One line about a result: `pass <path>` or `<status> <reason>`. */
export function verdict(result: EdgeResult): string {
  if (result.threw !== undefined || result.answer === undefined) return `threw ${result.threw}`;
  const { answer } = result;
  if (answer.statusCode === undefined) return `pass ${(answer as { uri: string }).uri}`;
  return `${answer.statusCode} ${answer.headers['x-edgepass-reason']?.value ?? ''}`.trim();
}

/** The environment and options that a text of `edgeText` is of. */
export function deploymentOf(text: string): [Environment, EdgeOptions] {
  const found = made.get(text);
  if (found === undefined) throw new Error('a text that edgeText() did not make');
  return found;
}

export type Case = [name: string, asked: Asked, expected: string];

/**
 * A table of requests and verdicts, all of it in one process. Every case also goes through the reference verifier, which
 * must agree with the edge about all that either says.
 */
export function table(name: string, cases: Case[], text: () => Promise<string> = edgeText): void {
  describeWith(['njs'], name, () => {
    const runs = cases.map(([, asked]) => run(asked));
    let results: Promise<[EdgeResult[], ReturnType<typeof reference>]> | undefined;
    const all = (): NonNullable<typeof results> => {
      results ??= text().then((code) => [runEdge(code, runs), reference(...deploymentOf(code))]);
      return results;
    };
    it.each(cases.map((entry, index) => [entry[0], index] as const))('%s', async (_name, index) => {
      const [edge, ask] = await all();
      const result = edge[index] as EdgeResult;
      const [, asked, expected] = cases[index] as Case;
      expect(verdict(result)).toBe(expected);
      for (const line of result.logs) expectSafeLog(line, asked);
      if (asked.edgeAlone === undefined) expect(differences(ask(runs[index] as EdgeRun), result)).toEqual([]);
    });
  });
}

/** A log line is small, is JSON, and holds nothing that could be played or that a client wrote freely. */
function expectSafeLog(line: string, asked: Asked): void {
  expect(Buffer.byteLength(line)).toBeLessThanOrEqual(512);
  expect(JSON.parse(line)).toMatchObject({ v: 1 });
  expect(line).not.toMatch(/eyJ|internal/);
  for (const secret of [K1.sign, K1.bind, K2.sign, K2.bind]) expect(line).not.toContain(secret);
  if (asked.query?.includes('=')) expect(line).not.toContain(asked.query);
}
