import { BlockList, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { networkOf } from '../../../runtime/token/network.ts';

describe('network of an address', () => {
  it('is the network Node.js would block, for IPv4', () => {
    fc.assert(
      fc.property(fc.ipV4(), fc.integer({ min: 16, max: 32 }), (address, bits) => {
        const network = networkOf(address, 4, bits);
        const list = new BlockList();
        list.addSubnet(network, bits, 'ipv4');
        expect(isIPv4(network)).toBe(true);
        expect(list.check(address, 'ipv4')).toBe(true);
        expect(networkOf(network, 4, bits)).toBe(network);
        expect(networkOf(`::ffff:${address}`, 4, bits)).toBe(network);
        expect(networkOf(address, 6, 64)).toBe('');
      }),
    );
  });

  it('is the network Node.js would block, for IPv6', () => {
    fc.assert(
      fc.property(fc.ipV6(), fc.integer({ min: 32, max: 128 }), (address, bits) => {
        const network = networkOf(address, 6, bits);
        // A dotted tail is taken for an IPv4-mapped address or for nothing.
        fc.pre(!address.includes('.') && !/^(0*:)*(0*:)?:?ffff:[^:]+:[^:]+$/i.test(address));
        expect(network).toMatch(/^[0-9a-f]{4}(:[0-9a-f]{4}){7}$/);
        const list = new BlockList();
        list.addSubnet(network, bits, 'ipv6');
        expect(list.check(address, 'ipv6')).toBe(true);
        expect(networkOf(network, 6, bits)).toBe(network);
        expect(networkOf(address, 4, 24)).toBe('');
      }),
    );
  });

  it('has one spelling', () => {
    const spellings = ['2001:DB8::1', '2001:0db8::0001', '2001:db8:0:0:0:0:0:1', '2001:db8:0::0:1'];
    expect(new Set(spellings.map((address) => networkOf(address, 6, 128)))).toEqual(
      new Set(['2001:0db8:0000:0000:0000:0000:0000:0001']),
    );
  });

  it('is nothing for what Node.js takes for no address', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('0', '1', 'f', ':', '.', '::', 'ffff', '255', '256', '%', 'g', ' ') }),
        (text) => {
          if (isIPv4(text) || isIPv6(text)) return;
          expect([networkOf(text, 4, 24), networkOf(text, 6, 64)]).toEqual(['', '']);
        },
      ),
      { numRuns: 5_000 },
    );
  });
});
