/** Addresses: one spelling each, families that do not mix, networks whose edges are where they belong. */
import { type Asked, bind, claims, IPV4, token } from '../../runtime/base/world.ts';
import { each, type Family, MALFORMED, MISMATCH, POLICY } from '../build.ts';

const OK = 'pass /network/a';
/** A token bound to a network as written, and a viewer. */
const net = (ip_ver: 4 | 6, ip: number, value: string, viewer: string, name = `${ip_ver}/${ip}`): Asked => ({
  uri: `/${token(bind(claims(['/network/'], { ip, ip_ver }), [['i', name, value]]))}/network/a`,
  ip: viewer,
});
const FULL = '2001:0db8:0000:0000:0000:0000:0000:0001';
const ZERO = '0000:0000:0000:0000:0000:0000:0000:0000';
const one = (viewer: string): Asked => net(6, 128, FULL, viewer);
const four = (viewer: string): Asked => net(4, 32, IPV4, viewer);

export const addresses: Family[] = [
  {
    attack: 'spellings of one IPv6 address',
    cases: each(
      OK,
      [
        '2001:db8::1',
        '2001:DB8::1',
        '2001:0db8::0001',
        '2001:db8:0:0:0:0:0:1',
        '2001:db8:0::1',
        '2001:db8::0:1',
        FULL,
        FULL.toUpperCase(),
      ]
        .concat(['2001:0dB8:0000::0:1', '2001:db8:0:0::0:0:1', '2001:db8:0:0:0:0::1'])
        .map((viewer) => [viewer, one(viewer)]),
    ),
  },
  {
    attack: 'what is no IPv6 address',
    cases: [
      ...each(
        MISMATCH,
        [
          '',
          ' ',
          '2001:db8::1 ',
          ' 2001:db8::1',
          '[2001:db8::1]',
          '2001:db8::1%eth0',
          '2001:db8::1%25eth0',
          '2001:db8::1/128',
          '2001:db8::1\n',
        ]
          .concat([
            '2001:db8::1::',
            '2001::db8::1',
            ':2001:db8::1',
            '2001:db8::1:',
            '2001:db8:::1',
            '02001:db8::1',
            '2001:db8::00001',
            '2001:db8::g',
          ])
          .concat([
            '2001:db8:0:0:0:0:0:0:1',
            '2001:db8:0:0:0:0:1',
            '2001:db8::0.0.0.1',
            '2001:db8:0:0:0:0:0:0::1',
            '1:2:3:4:5:6:7:8::',
            '::1:2:3:4:5:6:7:8',
          ])
          .concat([
            '2001:db8::1,2001:db8::1',
            '0x2001:db8::1',
            '2001-db8--1.ipv6-literal.net',
            '\uff12001:db8::1',
            '2001:db8::\u0661',
            'null',
            '::+1',
            '::-1',
            '::1e0',
          ])
          .map((viewer) => [JSON.stringify(viewer), one(viewer)]),
      ),
      ...each(
        MISMATCH,
        ['', 'unknown', ':', ':::', '::%0', '::/0', ' ::', '0', '0.0.0.0', '::ffff:0.0.0.0', '::ffff:0:0', 'g::'].map(
          (viewer) => [`${JSON.stringify(viewer)} is not ::`, net(6, 128, ZERO, viewer)],
        ),
      ),
      ['::', net(6, 128, ZERO, '::'), OK],
      ['0::0', net(6, 128, ZERO, '0::0'), OK],
    ],
  },
  {
    attack: 'what is no IPv4 address',
    cases: [
      ['it is one', four(IPV4), OK],
      ...each(
        MISMATCH,
        [
          '',
          '203.0.113',
          '203.0.113.77.',
          '.203.0.113.77',
          '203.0.113.77.1',
          '203.0.113.077',
          '203.000.113.77',
          '0203.0.113.77',
          '203.0.113.0x4d',
        ]
          .concat([
            '203.0.29005',
            '3405803853',
            '0xcb00714d',
            '203.0.113.77 ',
            ' 203.0.113.77',
            '203.0.113.77\n',
            '203.0.113.77:443',
            '203.0.113.77/32',
            '203.0.113.+77',
          ])
          .concat([
            '203.0.113.77,203.0.113.77',
            '203.0.113.333',
            '203.0.113.-77',
            '203..113.77',
            '203,0,113,77',
            '\uff12\uff10\uff13.0.113.77',
            '203\u30020\u3002113\u300277',
            '203.0.113.7e1',
          ])
          .map((viewer) => [JSON.stringify(viewer), four(viewer)]),
      ),
    ],
  },
  {
    attack: 'IPv4 inside IPv6',
    cases: [
      ...each(
        OK,
        [
          `::ffff:${IPV4}`,
          `::FFFF:${IPV4}`,
          '::ffff:cb00:714d',
          '::FFFF:CB00:714D',
          '0:0:0:0:0:ffff:cb00:714d',
          '0000:0000:0000:0000:0000:ffff:cb00:714d',
        ].map((viewer) => [`${viewer} is IPv4`, four(viewer)]),
      ),
      ...each(MISMATCH, [
        ['mapped, for a token of IPv6', net(6, 128, '0000:0000:0000:0000:0000:ffff:cb00:714d', `::ffff:${IPV4}`)],
        [
          'mapped in groups, for a token of IPv6',
          net(6, 96, '0000:0000:0000:0000:0000:ffff:0000:0000', '::ffff:cb00:714d'),
        ],
        ['compatible, not mapped', four(`::${IPV4}`)],
        ['compatible in groups', four('::cb00:714d')],
        ['translated', four(`::ffff:0:${IPV4}`)],
        ['64:ff9b', four(`64:ff9b::${IPV4}`)],
        ['6to4', four('2002:cb00:714d::')],
        ['mapped with leading zeros', four('::ffff:203.000.113.077')],
        ['mapped with a zone', four(`::ffff:${IPV4}%1`)],
        ['mapped and too short', four('::ffff:203.0.113')],
        ['mapped twice', four(`::ffff:::ffff:${IPV4}`)],
        ['ffff elsewhere', four('::ffff:0:cb00:714d')],
      ]),
    ],
  },
  {
    attack: 'families that are not the viewer’s',
    cases: [
      ...each(MISMATCH, [
        ['token 4, viewer 6', net(4, 24, '203.0.113.0', '2001:db8::1')],
        ['token 6, viewer 4', net(6, 64, '2001:0db8:0000:0000:0000:0000:0000:0000', IPV4)],
        ['a /32 of IPv6 is none of IPv4', net(6, 56, ZERO, '0.0.0.0')],
        ['family 6 in the claim, 4 under the MAC', net(6, 64, '203.0.113.0', IPV4, '4/24')],
        ['family 4 in the claim, 6 under the MAC', net(4, 32, IPV4, IPV4, '6/32')],
        ['width of the claim not under the MAC', net(4, 32, IPV4, IPV4, '4/24')],
        ['no width under the MAC', net(4, 32, IPV4, IPV4, '4')],
      ]),
      ['32 bits of IPv6 are too few', net(6, 32, '2001:0db8:0000:0000:0000:0000:0000:0000', '2001:db8::1'), POLICY],
      ['24 bits of IPv6 are none', net(6, 24, '2001:0d00:0000:0000:0000:0000:0000:0000', '2001:db8::1'), MALFORMED],
      ['64 bits of IPv4 are none', net(4, 64, IPV4, IPV4), MALFORMED],
    ],
  },
  {
    attack: 'the edges of networks',
    cases: [
      ...each(OK, [
        ['/24, first', net(4, 24, '203.0.113.0', '203.0.113.0')],
        ['/24, last', net(4, 24, '203.0.113.0', '203.0.113.255')],
        ['/25, last of the lower', net(4, 25, '203.0.113.0', '203.0.113.127')],
        ['/25, first of the upper', net(4, 25, '203.0.113.128', '203.0.113.128')],
        ['/31', net(4, 31, '203.0.113.76', '203.0.113.77')],
        ['0.0.0.0/32', net(4, 32, '0.0.0.0', '0.0.0.0')],
        ['255.255.255.255/32', net(4, 32, '255.255.255.255', '255.255.255.255')],
        ['255.255.255.255/24', net(4, 24, '255.255.255.0', '255.255.255.255')],
        [
          'IPv6 /56, last',
          net(6, 56, '2001:0db8:0000:ff00:0000:0000:0000:0000', '2001:db8:0:ffff:ffff:ffff:ffff:ffff'),
        ],
        ['IPv6 /57', net(6, 57, '2001:0db8:0000:ff80:0000:0000:0000:0000', '2001:db8:0:ff80::1')],
        ['IPv6 /64', net(6, 64, '2001:0db8:0000:0001:0000:0000:0000:0000', '2001:db8:0:1:ffff::')],
        ['IPv6 /113', net(6, 113, '2001:0db8:0000:0000:0000:0000:0000:8000', '2001:db8::ffff')],
        ['IPv6 /127', net(6, 127, '2001:0db8:0000:0000:0000:0000:0000:0000', '2001:db8::1')],
        ['all ones', net(6, 128, 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff')],
      ]),
      ...each(MISMATCH, [
        ['/24, one before', net(4, 24, '203.0.113.0', '203.0.112.255')],
        ['/24, one behind', net(4, 24, '203.0.113.0', '203.0.114.0')],
        ['/25, one behind', net(4, 25, '203.0.113.0', '203.0.113.128')],
        ['/31, one behind', net(4, 31, '203.0.113.76', '203.0.113.78')],
        ['/32, one behind', net(4, 32, IPV4, '203.0.113.78')],
        ['host bits not zeroed', net(4, 24, IPV4, IPV4)],
        ['IPv6 /56, one behind', net(6, 56, '2001:0db8:0000:ff00:0000:0000:0000:0000', '2001:db8:1::')],
        ['IPv6 /127, one behind', net(6, 127, '2001:0db8:0000:0000:0000:0000:0000:0000', '2001:db8::2')],
        ['IPv6, written short under the MAC', net(6, 128, '2001:db8::1', '2001:db8::1')],
        ['IPv6, in upper case under the MAC', net(6, 128, FULL.toUpperCase(), '2001:db8::1')],
      ]),
      ['/23, wider than the policy', net(4, 23, '203.0.112.0', IPV4), POLICY],
      ['/16, the widest there is', net(4, 16, '203.0.0.0', IPV4), POLICY],
      ['IPv6 /55, wider than the policy', net(6, 55, '2001:0db8:0000:0000:0000:0000:0000:0000', '2001:db8::1'), POLICY],
    ],
  },
];
