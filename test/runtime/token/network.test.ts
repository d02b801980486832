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

  it.each<[string, 4 | 6, number, string]>([
    ['203.0.113.77', 4, 16, '203.0.0.0'],
    ['203.255.113.77', 4, 17, '203.255.0.0'],
    ['203.0.255.77', 4, 20, '203.0.240.0'],
    ['203.0.113.255', 4, 23, '203.0.112.0'],
    ['203.0.113.77', 4, 24, '203.0.113.0'],
    ['203.0.113.200', 4, 25, '203.0.113.128'],
    ['203.0.113.77', 4, 31, '203.0.113.76'],
    ['203.0.113.77', 4, 32, '203.0.113.77'],
    ['::ffff:203.0.113.77', 4, 32, '203.0.113.77'],
    ['::FFFF:203.0.113.77', 4, 24, '203.0.113.0'],
    ['::ffff:cb00:714d', 4, 32, '203.0.113.77'],
    ['0:0:0:0:0:ffff:cb00:714d', 4, 28, '203.0.113.64'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 6, 32, '2001:0db8:0000:0000:0000:0000:0000:0000'],
    ['2001:db8:ffff:ffff:ffff:ffff:ffff:ffff', 6, 33, '2001:0db8:8000:0000:0000:0000:0000:0000'],
    ['2001:db8:85a3:8d3::1', 6, 56, '2001:0db8:85a3:0800:0000:0000:0000:0000'],
    ['2001:db8::ffff', 6, 127, '2001:0db8:0000:0000:0000:0000:0000:fffe'],
    ['::', 6, 64, '0000:0000:0000:0000:0000:0000:0000:0000'],
    ['::1', 6, 128, '0000:0000:0000:0000:0000:0000:0000:0001'],
    ['1::', 6, 128, '0001:0000:0000:0000:0000:0000:0000:0000'],
    ['1:2:3:4:5:6:7::', 6, 128, '0001:0002:0003:0004:0005:0006:0007:0000'],
    ['::2:3:4:5:6:7:8', 6, 128, '0000:0002:0003:0004:0005:0006:0007:0008'],
    ['::1:ffff:cb00:714d', 6, 128, '0000:0000:0000:0000:0001:ffff:cb00:714d'],
    ['::fffe:cb00:714d', 6, 128, '0000:0000:0000:0000:0000:fffe:cb00:714d'],
    ['1::ffff:cb00:714d', 6, 128, '0001:0000:0000:0000:0000:ffff:cb00:714d'],
  ])('%s in IPv%i/%i is %s', (address, family, bits, network) => {
    expect(networkOf(address, family, bits)).toBe(network);
  });

  it.each([
    ...['', ' ', '1', '1.2.3', '1.2.3.4.', '1.2.3.4.5', '.1.2.3.4', 'x1.2.3.4', '1.2.3.4x', '1.2.3.4 ', '1.2.3.4\n'],
    ...['01.2.3.4', '1.2.3.04', '256.1.1.1', '1.1.1.256', '260.1.1.1', '300.1.1.1', '1.2.3.a', '1..2.3', '1.2.3.1234'],
    ...['1::ffff:2.3.4.5', '::ffff:2.3.4', '::ffff:02.3.4.5', '::fffe:2.3.4.5', '::2.3.4.5', 'x::ffff:2.3.4.5'],
    ...[':', ':::', '1:2', '1:2:3:4:5:6:7', '1:2:3:4:5:6:7:8:9', '1:2:3:4:5:6:7:8:', ':1:2:3:4:5:6:7:8'],
    ...['1::2::3', '::1::', '1::2::', '1:2:3:4::5:6:7:8', '::1:2:3:4:5:6:7:8', '1:2:3:4:5:6:7:8::', '1:2::3:4::5:6'],
    ...['g::', '1::g', '12345::', '::12345', '1:2:3:4:5:6:7:g', '1:2:3:4:5:6:7:8\n', '::1%eth0', 'fe80::1%1', '[::1]'],
    ...['1::2::3:4:5:6:7', '::2:3:4:5::7:8', '1:2:3::4:5:6::'],
  ])('%j is no address', (address) => {
    expect([networkOf(address, 4, 24), networkOf(address, 4, 32), networkOf(address, 6, 64)]).toEqual(['', '', '']);
  });

  it.each(['1.2.3.4', '::ffff:1.2.3.4', '::ffff:102:304'])('%s is none of IPv6', (address) => {
    expect(networkOf(address, 6, 128)).toBe('');
  });

  it.each(['::', '2001:db8::1', '::1:ffff:102:304'])('%s is none of IPv4', (address) => {
    expect([networkOf(address, 4, 24), networkOf(address, 4, 32)]).toEqual(['', '']);
  });
});
