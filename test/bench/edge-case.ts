/** What `edge.mjs` times: the function text that ships for a deployment, a floor handler, and requests for both. */
import { fileURLToPath } from 'node:url';
import { bundleEdge, fillSettings } from '../../generator/bundle/edge.ts';
import type { Environment } from '../../generator/modules/contract.ts';
import { type EdgeOptions, edgeSettings } from '../../runtime/base/edge-settings.ts';
import { encodeState } from '../../runtime/keys/state.ts';
import { signBinding, signToken, testKey } from '../helpers/sign.ts';

const NOW = 1_800_000_000;
const AUD = 'acme-video/prod';
const AGENT =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const KEY = testKey('k2026a');

const environment: Environment = {
  project: 'acme-video',
  name: 'prod',
  account: '111122223333',
  region: 'eu-west-1',
  protected: true,
  tags: {},
  origins: { media: { type: 'custom', domain: 'origin.example.com', protocol: 'https', timeout: 30 } },
  domains: {},
  cors: { origins: ['*'], credentials: false },
  policies: {
    subscriber: {
      lifetime: 3600,
      session: true,
      countries: ['FR', 'BE'],
      bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] },
    },
  },
  streams: {
    vod: { paths: ['/vod/'], policy: 'subscriber', mode: 'enforce', carriage: { in: 'path' } },
  },
  assets: {},
  modules: ['base'],
};

/** Every feature of the edge check at once. */
const full: Environment = {
  ...environment,
  origins: {
    media: { type: 'custom', domain: 'origin.example.com', protocol: 'https', timeout: 30 },
    live: { type: 'custom', domain: 'live.example.com', protocol: 'https', timeout: 30 },
  },
  cors: { origins: ['https://www.example.com'], credentials: true },
  policies: {
    ...environment.policies,
    regional: { lifetime: 3600, session: true, regions: ['US-CA', 'US-NV'], fallback: ['regions'] },
    local: { lifetime: 3600, session: true, countries: ['FR'], cities: ['Paris', 'Lyon'] },
    device: { lifetime: 600, session: false, bind: { query: ['device'] } },
  },
  streams: {
    vod: { paths: ['/vod/'], exclude: ['/ads/'], policy: 'subscriber', mode: 'enforce', carriage: { in: 'path' } },
    live: {
      paths: ['/live/'],
      policy: 'regional',
      mode: 'enforce',
      carriage: { in: 'cookie', name: 'ept' },
      origin: 'live',
    },
    local: { paths: ['/local/'], policy: 'local', mode: 'report', carriage: { in: 'header', name: 'x-token' } },
    app: {
      paths: ['/app/'],
      policy: 'device',
      mode: 'enforce',
      carriage: { in: 'query', name: 'token' },
      hosts: ['app.example.com'],
    },
  },
};

const claims = {
  iat: NOW - 60,
  exp: NOW + 3000,
  aud: AUD,
  paths: ['/vod/movie-1/'],
  ssn: 'Ab0_-xYzAb0_-xYzAb0_-x',
  co: ['FR', 'BE'],
  ip: 24,
  ip_ver: 4,
  headers: ['user-agent'],
};

const intsig = signBinding(KEY, claims, [
  ['i', '4/24', '203.0.113.0'],
  ['h', 'user-agent', AGENT],
]);
const content = { ...claims, intsig };

const requestFor = (token: string): object => ({
  context: { requestId: 'a' },
  viewer: { ip: '203.0.113.77' },
  request: {
    method: 'GET',
    uri: `/${token}/vod/movie-1/1080p/segment-000123.m4s`,
    querystring: {},
    headers: {
      host: { value: 'media.example.com' },
      'user-agent': { value: AGENT },
      accept: { value: '*/*' },
      'accept-language': { value: 'fr-FR,fr;q=0.9' },
      'accept-encoding': { value: 'gzip' },
      origin: { value: 'https://www.example.com' },
      referer: { value: 'https://www.example.com/' },
      'cloudfront-viewer-country': { value: 'FR' },
    },
    cookies: {},
  },
});

const valid = signToken({ key: KEY, claims: content, session: claims.ssn });
const reordered = Object.fromEntries(Object.entries(content).reverse());

const ENTRY = fileURLToPath(new URL('../../runtime/base/validator.ts', import.meta.url));

/**
 * Two HMACs, one awaited read of the store, `JSON.parse` of header and payload, and nothing else: the keys are at hand, and
 * the bound text is a constant but for the claims.
 */
const BOUND_HEAD = `15:edgepass-bind-1${AUD.length}:${AUD}${claims.ssn.length}:${claims.ssn}10:`;
const BOUND_TAIL = `1:i4:4/2411:203.0.113.01:h10:user-agent${AGENT.length}:${AGENT}`;
const FLOOR = `import cf from 'cloudfront';
import crypto from 'crypto';
const sign = Buffer.from('${KEY.sign}', 'base64url');
const bind = Buffer.from('${KEY.bind}', 'base64url');
async function handler(event) {
  const request = event.request;
  const parts = request.uri.split('/')[1].split('.');
  const state = await cf.kvs().get('state');
  const header = JSON.parse(Buffer.from(parts[1], 'base64url').toString());
  const signature = crypto.createHmac('sha256', sign).update(parts[1] + '.' + parts[2]).digest('base64url');
  const claims = JSON.parse(Buffer.from(parts[2], 'base64url').toString());
  const bound = '${BOUND_HEAD}' + claims.iat + '10:' + claims.exp + ${JSON.stringify(BOUND_TAIL)};
  const intsig = crypto.createHmac('sha256', bind).update(bound).digest('base64url');
  return state && header && signature === parts[3] && intsig === claims.intsig ? request : { statusCode: 401 };
}
`;

/** The text that ships for an environment, and how much of it is settings. */
async function build(env: Environment, options: EdgeOptions): Promise<{ text: string; settings: number }> {
  const { flags, settings } = edgeSettings(env, options);
  const { text } = await bundleEdge({ entry: ENTRY, flags: { ...flags } });
  return { text: fillSettings(text, settings), settings: JSON.stringify(settings).length };
}

export interface EdgeCase {
  /** Seconds since 1970. */
  now: number;
  state: string;
  /** A usual configuration, and one with every feature. */
  usual: { text: string; settings: number };
  full: { text: string; settings: number };
  floor: string;
  events: { valid: object; forged: object; reordered: object };
}

export async function edgeCase(): Promise<EdgeCase> {
  const usual = await build(environment, { unmatched: 'refuse', log: 'refused', exposeReason: true });
  // A signature that differs in its first character, so that nothing but the signature is wrong.
  const at = valid.lastIndexOf('.') + 1;
  const forged = valid.slice(0, at) + (valid[at] === 'A' ? 'B' : 'A') + valid.slice(at + 1);
  return {
    now: NOW,
    // As a rotation writes it: the key that signs, and a spare.
    state: encodeState({ audience: AUD, keys: [KEY, testKey('k2026b')], voidBefore: 0 }),
    usual,
    full: await build(full, { unmatched: 'pass', log: 'all', exposeReason: true }),
    floor: FLOOR,
    events: {
      valid: requestFor(valid),
      forged: requestFor(forged),
      reordered: requestFor(signToken({ key: KEY, claims: reordered, session: claims.ssn })),
    },
  };
}
