/**
 * A request in the making. The issuer's part (header, claims, key, what it binds) and the viewer's part (what is sent) are
 * apart, so that a change to one can be made with or without the other knowing.
 */
import type { Environment, Stream } from '../../generator/modules/contract.ts';
import { type DeploymentName, deployments } from '../adversarial/deployments.ts';
import type { EdgeRun } from '../helpers/njs.ts';
import type { TestKey } from '../helpers/sign.ts';
import { AGENT, AUD, IPV4, K1, K2, NOW, SESSION } from '../runtime/base/world.ts';
import type { Random } from './random.ts';

/** What the viewer sends, apart from the token. */
export interface Sent {
  method: string;
  ip: string;
  headers: Record<string, string | string[]>;
  cookies: Record<string, string | string[]>;
  /** Pairs as they stand between `&`. */
  query: string[];
  raw: boolean;
}

export interface Draft {
  deployment: DeploymentName;
  stream: Stream;
  path: string;
  /** Issuer. */
  key: TestKey;
  signWith: string;
  bindWith: string;
  /** Object, or JSON text. */
  header: unknown;
  claims: Record<string, unknown>;
  /** In front of the token; `null` for none. */
  session: string | null;
  /** What `intsig` is made of: what was sent when the token was issued, or what is sent now; `none` leaves the claim alone. */
  bind: 'then' | 'now' | 'none';
  /** Claims that differ where `intsig` is made. */
  boundFor: Record<string, unknown>;
  /** What was sent when the token was issued. */
  issuedTo: Pick<Sent, 'ip' | 'headers' | 'query'>;
  /** Edits of the payload's JSON, of the segments before they are signed, of the token, and of the path. */
  edits: Record<'json' | 'segment' | 'token' | 'url', ((text: string) => string)[]>;
  /** Viewer. */
  sent: Sent;
  carriage: Stream['carriage'] | { in: 'none' };
  /** World. */
  now: number;
  state: {
    keys: TestKey[];
    audience: string;
    voidBefore: number;
    override?: { mode: 'report' | 'enforce'; until: number };
  };
  /** In place of the state's text. */
  stateText?: EdgeRun['state'];
  revoked: string[] | null;
}

export const KEYS = [K1, K2];
const SEGMENTS = [
  'ch1',
  'movie1',
  'movie10',
  'a',
  'b',
  'x.y',
  '%C3%A9t%C3%A9',
  'a%20b',
  '...',
  '~tmp',
  'eyJ',
  'S-1_2',
  "it's",
  'free',
  'vip',
];
const FILES = ['index.m3u8', 'seg-1.m4s', 'init.mp4', '', 'a,b.ts', 'v@2x', '%E2%82%AC.ts'];

const some = <T>(random: Random, list: readonly T[]): T[] => {
  const chosen = random.shuffle(list).slice(0, 1 + random.int(list.length));
  return chosen;
};

/** Widths up to the address, mostly the policy's own. */
const width = (random: Random, least: number, most: number): number =>
  random.chance(0.5) ? least : random.chance(0.4) ? most : least + random.int(most - least + 1);

const IPS4 = [IPV4, '198.51.100.7', '10.0.0.255', '255.255.255.255', '1.2.3.4'];
const IPS6 = [
  '2001:db8::1',
  '2001:db8:85a3:8d3:1319:8a2e:370:7348',
  'fe80::ffff:1',
  '::1',
  '2001:DB8:0:0::9',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
];

function addPlaces(draft: Draft, environment: Environment, random: Random): void {
  const policy = environment.policies[draft.stream.policy];
  const { claims, sent } = draft;
  const fallback = (check: 'countries' | 'regions' | 'cities', claim: string): boolean => {
    if (!policy?.fallback?.includes(check) || random.chance(0.5)) return false;
    claims[`${claim}_fallback`] = true;
    return random.chance(0.5);
  };
  const free = random.chance(0.05) ? ['FR', 'DE'] : undefined;
  const countries = policy?.countries ?? free;
  if (countries) {
    const list = some(random, countries);
    claims.co = list;
    if (!fallback('countries', 'co')) sent.headers['cloudfront-viewer-country'] = random.pick(list);
  }
  if (policy?.regions) {
    const list = some(random, policy.regions);
    claims.reg = list;
    const [country, region] = random.pick(list).split('-') as [string, string];
    const soft = fallback('regions', 'reg');
    if (!soft || random.chance(0.5)) sent.headers['cloudfront-viewer-country'] = country;
    if (!soft) sent.headers['cloudfront-viewer-country-region'] = region;
  }
  if (policy?.cities) {
    const list = some(random, policy.cities);
    claims.cty = list;
    if (!fallback('cities', 'cty')) sent.headers['cloudfront-viewer-city'] = random.pick(list);
  }
}

function addBinding(draft: Draft, environment: Environment, random: Random): void {
  const policy = environment.policies[draft.stream.policy];
  const { claims, sent } = draft;
  const more = random.chance(0.08);
  const net = policy?.bind?.ip ?? (more ? { v4: 16, v6: 32 } : undefined);
  if (net) {
    const six = random.chance(0.5);
    sent.ip = random.pick(six ? IPS6 : IPS4);
    claims.ip_ver = six ? 6 : 4;
    claims.ip = six ? width(random, net.v6 ?? 64, 128) : width(random, net.v4 ?? 24, 32);
  }
  const headers = (policy?.bind?.headers ?? []).map((name) => name.toLowerCase());
  if (more || (headers.length > 0 && random.chance(0.3))) headers.push('x-tv');
  if (headers.length > 0) claims.headers = random.shuffle(headers);
  const qs = [...(policy?.bind?.query ?? [])];
  if (random.chance(0.03) || (qs.length > 0 && random.chance(0.3))) qs.push('model');
  if (qs.length > 0) claims.qs = random.shuffle(qs);
}

function addPaths(draft: Draft, random: Random): void {
  const { stream, claims } = draft;
  const base = random.pick(stream.paths);
  const folders = Array.from({ length: random.int(4) }, () => `${random.pick(SEGMENTS)}/`);
  draft.path = `${base}${folders.join('')}${random.pick(FILES)}`;
  const depth = random.int(folders.length + 1);
  const own = base + folders.slice(0, depth).join('');
  const others = ['/elsewhere/', `${base}other/`, '/'].filter(() => random.chance(0.1));
  claims.paths = random.shuffle([own, ...others]);
  const { exclude } = stream;
  if (!exclude || !random.chance(0.5)) return;
  const list = some(random, exclude).filter(
    (prefix) => !(claims.paths as string[]).some((path) => path.startsWith(prefix)),
  );
  if (list.length === 0) return;
  claims.exc = list;
  if (random.chance(0.4)) draft.path = `${random.pick(list)}${random.pick(SEGMENTS)}/${random.pick(FILES)}`;
}

/** The header as different libraries write it. */
function headerOf(kid: string, random: Random): unknown {
  const plain = { alg: 'HS256', typ: 'JWT', kid };
  const kind = random.int(12);
  if (kind === 0) return { typ: 'JWT', alg: 'HS256', kid };
  if (kind === 1) return { kid, alg: 'HS256' };
  if (kind === 2) return `{"alg": "HS256", "typ": "JWT", "kid": "${kid}"}`;
  if (kind === 3) return { ...plain, cty: 'x', zip: 1 };
  return plain;
}

function noise(draft: Draft, random: Random): void {
  const { sent } = draft;
  const count = random.int(4);
  for (let i = 0; i < count; i++) {
    const name = random.pick([
      'x-a',
      'x-b',
      'referer',
      'origin',
      'range',
      'accept-language',
      'x-edgepass-reason',
      'x-edgepass',
      'if-none-match',
    ]);
    sent.headers[name] = random.pick(['1', 'bytes=0-', 'https://www.example.com', '', 'T\u00e9l\u00e9', 'a,b; q=1']);
  }
  if (random.chance(0.2)) sent.cookies[random.pick(['a', 'session', 'EPT'])] = random.pick(['1', '', 'x=y']);
  if (random.chance(0.25)) sent.query.push(random.pick(['a=1', 'b', 'c=', 'v=%20', 'a=1&a=2']));
}

/** A request that the deployment lets through, or nearly: streams that are inside others may still refuse it. */
export function draftOf(deployment: DeploymentName, random: Random): Draft {
  const environment: Environment = deployments[deployment].environment;
  const stream = random.pick(Object.values(environment.streams));
  const policy = environment.policies[stream.policy];
  const most = stream.maxLifetime ?? policy?.lifetime ?? 60;
  const iat = NOW - random.int(Math.min(most, 900)) + (random.chance(0.1) ? 100 : 0);
  const exp = Math.min(iat + most, Math.max(iat, NOW) + 1 + random.int(random.chance(0.5) ? 300 : most));
  const key = random.pick(KEYS);
  const claims: Record<string, unknown> = {
    aud: random.chance(0.8) ? AUD : random.shuffle([AUD, 'acme/prod']),
    iat,
    exp,
  };
  const sent: Sent = {
    method: random.chance(0.9) ? 'GET' : 'HEAD',
    ip: random.pick(IPS4),
    headers: { host: stream.hosts?.[0] ?? 'd111111abcdef8.cloudfront.net', 'user-agent': AGENT, accept: '*/*' },
    cookies: {},
    query: [],
    raw: random.chance(0.9),
  };
  const draft: Draft = {
    deployment,
    stream,
    path: '/',
    key,
    signWith: key.sign,
    bindWith: key.bind,
    header: headerOf(key.kid, random),
    claims,
    session: null,
    bind: 'then',
    boundFor: {},
    issuedTo: sent,
    edits: { json: [], segment: [], token: [], url: [] },
    sent,
    carriage: stream.carriage,
    now: NOW + random.next(),
    state: { keys: random.shuffle(KEYS), audience: AUD, voidBefore: random.chance(0.2) ? iat : 0 },
    revoked: [],
  };
  noise(draft, random);
  addPaths(draft, random);
  addPlaces(draft, environment, random);
  addBinding(draft, environment, random);
  if (policy?.session || random.chance(0.3)) {
    draft.session = random.chance(0.7) ? SESSION : `${'cms-0123456789-'.repeat(5)}`.slice(0, 16 + random.int(49));
    claims.ssn = draft.session;
  }
  if (random.chance(0.2)) claims.nbf = iat + random.int(Math.max(1, NOW - iat));
  if (random.chance(0.3))
    claims.sub = random.pick(['u1', 'J\u00fcrgen \u65e5\u672c', '>>>???~~~\u00ff', '', null, { a: [1] }]);
  if (random.chance(0.1)) claims.jti = random.next().toString(36);
  if (random.chance(0.3)) draft.claims = Object.fromEntries(random.shuffle(Object.entries(claims)));
  // What is bound has to be sent.
  for (const name of (claims.headers as string[] | undefined) ?? [])
    if (!sent.headers[name]) sent.headers[name] = random.pick(['tv', '1:h3:abc', 'T\u00e9l\u00e9']);
  for (const name of (claims.qs as string[] | undefined) ?? [])
    sent.query.push(`${name}=${random.pick(['tv', 'a=b', '%20x', '1:q'])}`);
  draft.issuedTo = structuredClone({ ip: sent.ip, headers: sent.headers, query: sent.query });
  return draft;
}
