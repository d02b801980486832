/** Changes of what the viewer sends beside the path: headers, cookies, query, address, method, carriage. */
import { IPV4 } from '../runtime/base/world.ts';
import { type Change, damage } from './change.ts';
import type { Draft } from './draft.ts';
import { LYING } from './lying.ts';
import type { Random } from './random.ts';

const GEO = ['cloudfront-viewer-country', 'cloudfront-viewer-country-region', 'cloudfront-viewer-city'];
const IPS = [
  '',
  'x',
  '0.0.0.0',
  IPV4,
  '203.0.113.78',
  '203.0.113.255',
  '203.0.112.77',
  `::ffff:${IPV4}`,
  '::FFFF:cb00:714d',
  '2001:db8::1',
  '2001:db8::2',
  '2001:0DB8:0::0001',
  '2001:db8:0:1::1',
  '203.0.113.077',
  '2001:db8::1%1',
  '1:2:3:4:5:6:7:8:9',
  '::',
  '1::2::3',
];
const HOSTS = [
  'media.example.com',
  'MEDIA.example.com',
  'media.example.com:443',
  'd111111abcdef8.cloudfront.net',
  '',
  'evil.example',
  'media.example.com.',
];
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'PUT', 'get', '', 'TRACE'];
const QUERIES = [
  '%74oken=x',
  'a;b',
  '',
  '=',
  'a[]=1',
  'a=1;b',
  'token=',
  'token',
  `token=${LYING[1]}`,
  'Token=1',
  'd%65vice=x',
  'device=x',
  'device=',
  '\u00e9=1',
  'a b=1',
  '__proto__=1',
  'x=\n',
  'a%3Db',
  'model=x',
];

const name = (held: object, r: Random, fallback: string): string => r.pick(Object.keys(held)) ?? fallback;

export const sentChanges: Change[] = [
  { name: 'a header gone', apply: ({ sent }, r) => delete sent.headers[name(sent.headers, r, 'x')] },
  {
    name: 'a header empty',
    apply: ({ sent }, r) => {
      sent.headers[name(sent.headers, r, 'x')] = '';
    },
  },
  { name: 'a header twice', apply: ({ sent }, r) => repeat(sent.headers, name(sent.headers, r, 'x'), r) },
  {
    name: 'a header damaged',
    apply: ({ sent }, r) => {
      const key = name(sent.headers, r, 'x');
      sent.headers[key] = damage([sent.headers[key] ?? ''].flat()[0] ?? '', r);
    },
  },
  {
    name: 'two headers swapped',
    apply: ({ sent }, r) => {
      const [a, b] = [name(sent.headers, r, 'x'), name(sent.headers, r, 'y')];
      [sent.headers[a], sent.headers[b]] = [sent.headers[b] ?? '', sent.headers[a] ?? ''];
    },
  },
  {
    name: 'a header as a parameter',
    apply: ({ sent }, r) => {
      const key = name(sent.headers, r, 'x');
      sent.query.push(`${key}=${[sent.headers[key]].flat()[0]}`);
      delete sent.headers[key];
    },
  },
  {
    name: 'many headers',
    apply: ({ sent }, r) => {
      for (let i = r.int(40); i > 0; i--) sent.headers[`x-${i}`] = 'v'.repeat(r.int(200));
    },
  },
  {
    name: 'headers of ours',
    apply: ({ sent }, r) => {
      sent.headers[r.pick(['x-edgepass-', 'x-edgepass-token', 'x-edgepass', 'x-edgepas', 'x-edgepass-a'])] = r.pick([
        '1',
        ['a', 'b'],
        '',
      ]);
    },
  },
  {
    name: 'a place',
    apply: ({ sent }, r) => {
      sent.headers[r.pick(GEO)] = r.pick([
        'FR',
        'BE',
        'DE',
        'US',
        'CA',
        'NV',
        'Paris',
        '',
        'fr',
        ['FR', 'FR'],
        'US-CA',
        'U',
      ]);
    },
  },
  { name: 'no place', apply: ({ sent }, r) => delete sent.headers[r.pick(GEO)] },
  {
    name: 'another player',
    apply: ({ sent }) => {
      sent.headers['user-agent'] = 'Other/2';
    },
  },
  {
    name: 'another address',
    apply: ({ sent }, r) => {
      sent.ip = r.pick(IPS);
    },
  },
  {
    name: 'address damaged',
    apply: ({ sent }, r) => {
      sent.ip = damage(sent.ip, r, ['0', ':', '::', '.', 'f', '%1', ' ', '1']);
    },
  },
  {
    name: 'address in capitals',
    apply: ({ sent }) => {
      sent.ip = sent.ip.toUpperCase();
    },
  },
  {
    name: 'another method',
    apply: ({ sent }, r) => {
      sent.method = r.pick(METHODS);
    },
  },
  { name: 'a preflight', apply: ({ sent }, r) => preflight(sent, r) },
  {
    name: 'another host',
    apply: ({ sent }, r) => {
      sent.headers.host = r.pick(HOSTS);
    },
  },
  { name: 'a further parameter', apply: ({ sent }, r) => void sent.query.splice(r.int(2), 0, r.pick(QUERIES)) },
  {
    name: 'parameters in another order',
    apply: ({ sent }, r) => {
      sent.query = r.shuffle(sent.query);
    },
  },
  {
    name: 'a parameter damaged',
    apply: ({ sent }, r) => {
      sent.query = sent.query.map((pair) => (r.chance(0.5) ? damage(pair, r) : pair));
    },
  },
  { name: 'a parameter gone', apply: ({ sent }) => void sent.query.pop() },
  {
    name: 'a cookie',
    apply: ({ sent }, r) => {
      sent.cookies[r.pick(['ept', 'EPT', 'a', '__proto', 'token'])] = r.pick([LYING[0] as string, '', 'x', ['a', 'b']]);
    },
  },
  {
    name: 'a token in a header',
    apply: ({ sent }, r) => {
      sent.headers[r.pick(['x-token', 'authorization', 'token'])] = r.pick([
        LYING[0] as string,
        '',
        [LYING[0] as string, 'x'],
      ]);
    },
  },
  {
    name: 'only the parsed query',
    apply: ({ sent }) => {
      sent.raw = false;
    },
  },
  {
    name: 'another carriage',
    apply: (d, r) => {
      d.carriage = r.pick([
        { in: 'none' },
        { in: 'path' },
        { in: 'query', name: 'token' },
        { in: 'cookie', name: 'ept' },
        { in: 'header', name: 'X-Token' },
      ]);
    },
  },
];

function repeat(held: Draft['sent']['headers'], key: string, r: Random): void {
  const values = [held[key] ?? ''].flat();
  held[key] = r.shuffle([...values, r.pick([values[0] as string, '', 'x'])]);
}

function preflight(sent: Draft['sent'], r: Random): void {
  sent.method = r.pick(['OPTIONS', 'OPTIONS', 'GET']);
  sent.headers.origin = r.pick(['https://www.example.com', 'https://evil.example', 'null', '']);
  sent.headers['access-control-request-method'] = r.pick(['GET', 'POST', '']);
}
