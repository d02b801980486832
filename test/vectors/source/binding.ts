/** `binding.json`: from attributes to the canonical string to `intsig`; from addresses to networks. */
import { type Attribute, signBinding, type TestKey } from '../../helpers/sign.ts';
import type { BindingFile, BindingVector } from '../types.ts';
import { AGENT, AUDIENCE, KEY1, KEY2, NOW, SESSION } from './keys.ts';

interface Bound {
  aud?: string;
  ssn?: string;
  attributes: Attribute[];
  key?: TestKey;
}

/** The canonical string, with the lengths counted in bytes. `signBinding` makes the MAC over its own. */
function canonicalOf({
  aud,
  ssn,
  iat,
  exp,
  attributes,
}: Omit<BindingVector, 'name' | 'kid' | 'canonical' | 'hex' | 'intsig'>): string {
  let text = '';
  for (const field of ['edgepass-bind-1', aud, ssn ?? '', String(iat), String(exp), ...attributes.flat()])
    text += `${Buffer.from(field, 'utf8').length}:${field}`;
  return text;
}

function vector(name: string, { key = KEY1, attributes, ...more }: Bound): BindingVector {
  const bound = { aud: AUDIENCE, ...more, iat: NOW - 60, exp: NOW + 600, attributes };
  const canonical = canonicalOf(bound);
  const hex = Buffer.from(canonical, 'utf8').toString('hex');
  return { name, kid: key.kid, ...bound, canonical, hex, intsig: signBinding(key, bound, attributes) };
}

const agent: Attribute = ['h', 'user-agent', AGENT];

const bindings = [
  vector('IPv4 network', { attributes: [['i', '4/24', '203.0.113.0']] }),
  vector('IPv6 network', { attributes: [['i', '6/56', '2001:0db8:85a3:0800:0000:0000:0000:0000']] }),
  vector('a header', { attributes: [agent] }),
  vector('a header, with a session', { ssn: SESSION, attributes: [agent] }),
  vector('a header, with the other key', { key: KEY2, attributes: [agent] }),
  vector('a header, for another audience', { aud: 'acme/prod', attributes: [agent] }),
  vector('a query parameter', { attributes: [['q', 'device', 'tv']] }),
  vector('a query parameter is bound as it is sent, undecoded', { attributes: [['q', 'device', 'a%20b+c=d']] }),
  vector('a parameter is no header of the same name', { attributes: [['h', 'device', 'tv']] }),
  vector('everything, in the order network, headers, parameters', {
    ssn: SESSION,
    attributes: [
      ['i', '4/32', '203.0.113.77'],
      ['h', 'user-agent', AGENT],
      ['h', 'accept-language', 'fr'],
      ['q', 'device', 'tv'],
      ['q', 'app', '7'],
    ],
  }),
  vector('lengths are bytes of UTF-8, not characters', { attributes: [['h', 'user-agent', 'Télé 日本 🙂']] }),
  vector('separators inside a value', { attributes: [['h', 'user-agent', '1:h10:user-agent3:abc']] }),
  vector('two headers', {
    attributes: [
      ['h', 'x-a', 'ab'],
      ['h', 'x-b', 'c'],
    ],
  }),
  vector('two headers, one letter moved', {
    attributes: [
      ['h', 'x-a', 'a'],
      ['h', 'x-b', 'bc'],
    ],
  }),
  vector('spaces inside and two of them', { attributes: [['h', 'user-agent', 'a  b']] }),
  vector('the longest value, 1,024 bytes', { attributes: [['h', 'user-agent', 'x'.repeat(1024)]] }),
];

const network = (address: string, width: number, text: string): BindingFile['networks'][number] => {
  const family = text.includes(':') ? 6 : 4;
  return { address, family, width, name: `${family}/${width}`, network: text };
};

export const binding: BindingFile = {
  version: 1,
  bindings,
  networks: [
    network('203.0.113.77', 32, '203.0.113.77'),
    network('203.0.113.77', 24, '203.0.113.0'),
    network('203.0.113.77', 27, '203.0.113.64'),
    network('203.0.113.77', 16, '203.0.0.0'),
    network('255.255.255.255', 17, '255.255.128.0'),
    network('0.0.0.0', 32, '0.0.0.0'),
    network('::ffff:203.0.113.77', 24, '203.0.113.0'),
    network('::FFFF:203.0.113.77', 32, '203.0.113.77'),
    network('::ffff:cb00:714d', 32, '203.0.113.77'),
    network('0:0:0:0:0:ffff:cb00:714d', 24, '203.0.113.0'),
    network('2001:db8:85a3:8d3:1319:8a2e:370:7348', 128, '2001:0db8:85a3:08d3:1319:8a2e:0370:7348'),
    network('2001:db8:85a3:8d3:1319:8a2e:370:7348', 64, '2001:0db8:85a3:08d3:0000:0000:0000:0000'),
    network('2001:db8:85a3:8d3:1319:8a2e:370:7348', 60, '2001:0db8:85a3:08d0:0000:0000:0000:0000'),
    network('2001:db8:85a3:8d3:1319:8a2e:370:7348', 56, '2001:0db8:85a3:0800:0000:0000:0000:0000'),
    network('2001:db8:85a3:8d3:1319:8a2e:370:7348', 33, '2001:0db8:8000:0000:0000:0000:0000:0000'),
    network('2001:db8:85a3:8d3:1319:8a2e:370:7348', 32, '2001:0db8:0000:0000:0000:0000:0000:0000'),
    network('2001:DB8::1', 64, '2001:0db8:0000:0000:0000:0000:0000:0000'),
    network('2001:0db8:0000:0000:0000:0000:0000:0001', 128, '2001:0db8:0000:0000:0000:0000:0000:0001'),
    network('2001:db8::ff00:0:1', 112, '2001:0db8:0000:0000:0000:ff00:0000:0000'),
    network('::', 128, '0000:0000:0000:0000:0000:0000:0000:0000'),
    network('::1', 128, '0000:0000:0000:0000:0000:0000:0000:0001'),
    network('fe80::1', 64, 'fe80:0000:0000:0000:0000:0000:0000:0000'),
  ],
  noAddress: [
    '',
    'unknown',
    '203.0.113',
    '203.0.113.77.1',
    '203.0.113.256',
    '203.000.113.077',
    '203.0.113.77/24',
    ' 203.0.113.77',
    '203.0.113.77\n',
    '2001:db8',
    '2001:db8:::1',
    '2001::db8::1',
    '1:2:3:4:5:6:7:8:9',
    '2001:db8::g',
    '12345::1',
    'fe80::1%eth0',
    '[2001:db8::1]',
    '::ffff:203.0.113.256',
  ],
};
