/** The MAC of the issuer against published vectors and against `createHmac`. */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hmac } from '../../../runtime/issuer/hmac.ts';

const hex = (text: string): string => Buffer.from(text, 'base64url').toString('hex');

describe('hmac', () => {
  // RFC 4231, those whose data is text: cases 1, 2, 6 and 7; the last two have a key longer than a block.
  it.each([
    ['0b'.repeat(20), 'Hi There', 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7'],
    ['4a656665', 'what do ya want for nothing?', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    [
      'aa'.repeat(131),
      'Test Using Larger Than Block-Size Key - Hash Key First',
      '60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54',
    ],
    [
      'aa'.repeat(131),
      'This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.',
      '9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2',
    ],
  ])('is that of RFC 4231: key %s', (key, text, mac) => {
    expect(hex(hmac(createSecretKey(key, 'hex'), text))).toBe(mac);
  });

  it('is that of createHmac for any text, after longer and shorter ones, with several keys in turn', () => {
    const keys = Array.from({ length: 3 }, () => createSecretKey(randomBytes(32)));
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 4000 }),
      // Around the length from which there is no room: 2,730 units.
      fc.integer({ min: 2725, max: 2735 }).map((size) => '日'.repeat(size)),
      fc.constantFrom('', '\ud800', 'a\udfffb', '\0'),
    );
    fc.assert(
      fc.property(fc.nat(2), text, (at, given) => {
        const key = keys[at] as (typeof keys)[0];
        expect(hmac(key, given)).toBe(createHmac('sha256', key).update(given).digest('base64url'));
      }),
      { numRuns: 2000 },
    );
  });
});
