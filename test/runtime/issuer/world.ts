/** A deployment to issue for, and the function that ships for it. */
import type { Environment, Stream } from '../../../generator/modules/contract.ts';
import {
  createIssuer,
  fixedKey,
  type Issued,
  type IssueRequest,
  type IssuerOptions,
} from '../../../runtime/issuer/index.ts';
import type { IssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { encodeState } from '../../../runtime/keys/state.ts';
import { type EdgeResult, runEdge } from '../../helpers/njs.ts';
import { testKey } from '../../helpers/sign.ts';
import { type Asked, environment as base, edgeText, run, verdict } from '../base/world.ts';

export const NOW = 1_800_000_000;
export const AUD = 'acme/test';
export const KEY = testKey('issuing-1');
export const AGENT = 'Player/1.0 (TV; 2:3)';
export const IPV4 = '203.0.113.77';
export const IPV6 = '2001:db8:85a3:8d3:1319:8a2e:370:7348';
export const HOST = 'media.example.com';
export const DOMAINS = {
  media: { host: HOST },
  segments: { host: 'segments.example.com' },
  ads: { host: 'ads.example.com' },
};
export const VIEWER = { ip: IPV4, headers: { 'user-agent': AGENT } };

const stream = (path: string, policy: string, more: Partial<Stream> = {}): Stream => ({
  paths: [path],
  policy,
  mode: 'enforce',
  carriage: { in: 'path' },
  ...more,
});

export const environment: Environment = {
  ...base,
  project: 'acme',
  name: 'test',
  origins: { only: { type: 'custom', domain: 'origin.example.com', protocol: 'https', timeout: 30 } },
  policies: {
    plain: { lifetime: 3600, session: false },
    session: { lifetime: 3600, session: true },
    agent: { lifetime: 3600, session: false, bind: { headers: ['user-agent', 'x-device'] } },
    device: { lifetime: 3600, session: false, bind: { query: ['device'] } },
    four: { lifetime: 3600, session: false, bind: { ip: { v4: 24 } } },
    places: {
      lifetime: 3600,
      session: false,
      countries: ['FR', 'US'],
      regions: ['FR-IDF', 'US-CA'],
      cities: ['Paris', '%C3%89vry'],
      fallback: ['cities', 'regions'],
    },
    all: {
      lifetime: 3600,
      session: true,
      countries: ['FR', 'BE'],
      bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
    },
    broad: {
      lifetime: 3600,
      session: true,
      countries: ['FR', 'BE', 'DE'],
      bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
    },
    narrow: {
      lifetime: 600,
      session: true,
      countries: ['FR'],
      bind: { ip: { v4: 32, v6: 64 }, headers: ['user-agent', 'x-device'] },
    },
    wide: {
      lifetime: 3600,
      session: true,
      countries: ['FR', 'DE'],
      bind: { ip: { v4: 16, v6: 48 }, headers: ['user-agent'] },
    },
  },
  streams: {
    plain: stream('/plain/', 'plain', { maxLifetime: 7200 }),
    inner: stream('/plain/inner/', 'session'),
    session: stream('/session/', 'session'),
    agent: stream('/agent/', 'agent'),
    device: stream('/device/', 'device'),
    four: stream('/four/', 'four'),
    places: stream('/places/', 'places'),
    all: stream('/all/', 'all', { exclude: ['/ads/', '/all/free/'] }),
    other: stream('/other/', 'session', { exclude: ['/ads/'] }),
    short: stream('/short/', 'plain', { maxLifetime: 60 }),
    query: stream('/query/', 'plain', { carriage: { in: 'query', name: 'token' } }),
    cookie: stream('/cookie/', 'session', { carriage: { in: 'cookie', name: 'ept' } }),
    header: stream('/header/', 'plain', { carriage: { in: 'header', name: 'x-token' } }),
    hosted: stream('/hosted/', 'plain', { hosts: [HOST] }),
  },
};

export const record: IssuerRecord = {
  version: 1,
  audience: AUD,
  ...KEY,
  signFrom: NOW - 1000,
  signUntil: NOW + 100_000,
};

export function issuer(more: Partial<IssuerOptions> = {}): ReturnType<typeof createIssuer> {
  const { policies, streams } = environment;
  const now = (): number => NOW * 1000 + 999;
  return createIssuer({ keys: fixedKey(record), audience: AUD, policies, streams, domains: DOMAINS, now, ...more });
}

/** What a player would ask after it got `issued`. */
export function askFor(issued: Issued, viewer: IssueRequest['viewer'] = VIEWER, more: Partial<Asked> = {}): Asked {
  const url = new URL(issued.url);
  const sent = Object.entries(viewer.headers ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string',
  );
  return {
    uri: issued.url.slice(url.origin.length).split(/[?#]/)[0] as string,
    query: url.search.slice(1),
    ip: viewer.ip ?? IPV4,
    headers: {
      host: url.host,
      'cloudfront-viewer-country': 'FR',
      'cloudfront-viewer-country-region': 'IDF',
      'cloudfront-viewer-city': 'Paris',
      ...Object.fromEntries(sent),
      ...(issued.header && { [issued.header.name]: issued.header.value }),
    },
    cookies: issued.cookie ? { [issued.cookie.name]: issued.cookie.value } : {},
    now: NOW,
    state: encodeState({ audience: AUD, keys: [KEY], voidBefore: 0 }),
    ...more,
  };
}

/** Verdicts of the function that ships, on all of these in one process. */
export async function edge(asked: Asked[], deployed: Environment = environment): Promise<string[]> {
  const text = await edgeText(deployed, { unmatched: 'refuse', log: 'refused', exposeReason: true });
  const runs = asked.map(run);
  return runEdge(text, runs).map((result: EdgeResult) => verdict(result));
}
