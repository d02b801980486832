/** The reference's own reading of addresses, against that of node:net. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalNetwork } from '../../../runtime/verify/network.ts';

const family = (text: string): 'ipv4' | 'ipv6' => (isIPv4(text) ? 'ipv4' : 'ipv6');

/** Addresses that are near one another, in many spellings. */
const group = fc.constantFrom('0', '00', '0001', '1', 'ffff', 'FFFE', 'a', '8000', '');
const spelling = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.array(group, { minLength: 1, maxLength: 9 }).map((groups) => groups.join(':')),
  fc.tuple(fc.constantFrom('::ffff:', '::FFFF:', '0:0:0:0:0:ffff:'), fc.ipV4()).map((parts) => parts.join('')),
);
const width = fc.record({ family: fc.constant<4 | 6>(4), width: fc.integer({ min: 16, max: 32 }) });
const width6 = fc.record({ family: fc.constant<4 | 6>(6), width: fc.integer({ min: 32, max: 128 }) });

/** IPv4 where that is what an address stands for. */
function meant(address: string): string | undefined {
  const mapped = /^::ffff:([0-9.]+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isIPv4(mapped) ? mapped : undefined;
  // Of dotted tails only the one of the usual spelling of an IPv4-mapped address is read; zones are no part of one.
  if (isIPv6(address)) return address.includes('.') || address.includes('%') ? undefined : address;
  return isIPv4(address) ? address : undefined;
}

describe('networks', () => {
  it('are those of node:net, in one spelling', () => {
    let found = 0;
    fc.assert(
      fc.property(spelling, fc.oneof(width, width6), (address, network) => {
        const canonical = canonicalNetwork(address, network);
        const plain = meant(address);
        const isMapped = plain !== undefined && isIPv6(plain) && mappedList.check(plain, 'ipv6');
        const is4 = plain !== undefined && (isIPv4(plain) || isMapped);
        if (plain === undefined || is4 !== (network.family === 4)) {
          expect(canonical).toBeUndefined();
          return;
        }
        found++;
        const text = canonical as string;
        expect(text).toMatch(is4 ? /^\d+(\.\d+){3}$/ : /^[0-9a-f]{4}(:[0-9a-f]{4}){7}$/);
        expect(canonicalNetwork(text, network)).toBe(text);
        const list = new BlockList();
        list.addSubnet(text, network.width, family(text));
        expect(list.check(plain, family(plain))).toBe(true);
        expect(hostBits(text, network)).toMatch(/^0*$/);
      }),
      { numRuns: 4000, seed: 20_261_123 },
    );
    expect(found).toBeGreaterThan(500);
  });

  it.each([
    ['203.0.113.77', 4, 24, '203.0.113.0'],
    ['203.0.113.77', 4, 27, '203.0.113.64'],
    ['::ffff:203.0.113.77', 4, 32, '203.0.113.77'],
    ['::ffff:cb00:714d', 4, 16, '203.0.0.0'],
    ['2001:DB8::1', 6, 64, '2001:0db8:0000:0000:0000:0000:0000:0000'],
    ['2001:db8:85a3:8d3::1', 6, 60, '2001:0db8:85a3:08d0:0000:0000:0000:0000'],
    ['1:2:3:4:5:6:7::', 6, 128, '0001:0002:0003:0004:0005:0006:0007:0000'],
    ['1::2:3:4:5:6:7:8', 6, 128, undefined],
    ['203.0.113.077', 4, 24, undefined],
    ['fe80::1%eth0', 6, 64, undefined],
    ['::1.2.3.4', 6, 64, undefined],
    ['203.0.113.77', 6, 64, undefined],
    ['::1', 4, 32, undefined],
    ['1.2.3.4\n', 4, 32, undefined],
    ['', 4, 32, undefined],
  ] as const)('%s of family %i and width %i', (address, of, bits, expected) => {
    expect(canonicalNetwork(address, { family: of, width: bits })).toBe(expected);
  });
});

const mappedList = new BlockList();
mappedList.addSubnet('::ffff:0:0', 96, 'ipv6');

/** The bits of an address in its one spelling that lie behind the network. */
function hostBits(text: string, network: { family: 4 | 6; width: number }): string {
  const parts =
    network.family === 4 ? text.split('.').map(Number) : text.split(':').map((one) => Number.parseInt(one, 16));
  const bits = parts.map((part) => part.toString(2).padStart(network.family === 4 ? 8 : 16, '0')).join('');
  return bits.slice(network.width);
}
