/** Two deployments: one with every feature, one with as few as possible. */
import type { Stream } from '../../../generator/modules/contract.ts';
import type { Deployment, DeploymentsFile } from '../types.ts';
import { AUDIENCE, KEY1, KEY2, KEY9 } from './keys.ts';

const stream = (path: string, policy: string, more: Partial<Stream> = {}): Stream => ({
  paths: [path],
  policy,
  mode: 'enforce',
  carriage: { in: 'path' },
  ...more,
});

const origin = (domain: string): Deployment['origins'][string] => ({
  type: 'custom',
  domain,
  protocol: 'https',
  timeout: 30,
});

const main: Deployment = {
  project: 'acme',
  environment: 'test',
  audience: AUDIENCE,
  unmatched: 'refuse',
  origins: { vod: origin('vod.example.com'), live: origin('live.example.com') },
  cors: { origins: ['https://www.example.com'], credentials: true },
  policies: {
    plain: { lifetime: 3600, session: false },
    session: { lifetime: 3600, session: true },
    network: { lifetime: 3600, session: false, bind: { ip: { v4: 24, v6: 56 } } },
    agent: { lifetime: 3600, session: false, bind: { headers: ['user-agent'] } },
    device: { lifetime: 3600, session: false, bind: { query: ['device'] } },
    country: { lifetime: 3600, session: false, countries: ['FR', 'BE'] },
    region: { lifetime: 3600, session: false, regions: ['US-CA', 'US-NV'], fallback: ['regions'] },
    city: { lifetime: 3600, session: false, countries: ['FR'], cities: ['Paris', '%C3%89vry'], fallback: ['cities'] },
    complete: {
      lifetime: 3600,
      session: true,
      countries: ['FR', 'BE'],
      regions: ['FR-IDF', 'BE-BRU'],
      cities: ['Paris', '%C3%89vry', 'Bruxelles'],
      fallback: ['countries', 'regions', 'cities'],
      bind: { ip: { v4: 32, v6: 64 }, headers: ['user-agent', 'x-device'], query: ['device', 'app'] },
    },
    home: {
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
    complete: stream('/complete/', 'complete'),
    home: stream('/home/', 'home', { exclude: ['/ads/', '/home/free/'], origin: 'live' }),
    other: stream('/other/', 'session', { exclude: ['/ads/'], origin: 'live' }),
    query: stream('/query/', 'plain', { carriage: { in: 'query', name: 'token' } }),
    cookie: stream('/cookie/', 'plain', { carriage: { in: 'cookie', name: 'ept' } }),
    header: stream('/header/', 'plain', { carriage: { in: 'header', name: 'x-token' } }),
    report: stream('/report/', 'session', { mode: 'report' }),
    off: stream('/off/', 'plain', { mode: 'off' }),
    hosted: stream('/hosted/', 'plain', { hosts: ['media.example.com'] }),
  },
};

const small: Deployment = {
  project: 'acme',
  environment: 'test',
  audience: AUDIENCE,
  unmatched: 'pass',
  origins: { vod: origin('vod.example.com') },
  cors: { origins: [], credentials: false },
  policies: { plain: { lifetime: 3600, session: false } },
  streams: { vod: stream('/vod/', 'plain') },
};

export const deployments: DeploymentsFile = {
  version: 1,
  keys: { [KEY1.kid]: KEY1, [KEY2.kid]: KEY2, [KEY9.kid]: KEY9 },
  deployments: { main, small },
};
