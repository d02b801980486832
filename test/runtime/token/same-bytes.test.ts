import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { sameBytes } from '../../../runtime/token/same-bytes.ts';

it('is equality of 32 bytes', () => {
  const digest = randomBytes(32);
  expect(sameBytes(digest, Buffer.from(digest))).toBe(true);
  for (let byte = 0; byte < 32; byte++) {
    for (let bit = 0; bit < 8; bit++) {
      const other = Buffer.from(digest);
      other[byte] = (other[byte] as number) ^ (1 << bit);
      expect(sameBytes(digest, other)).toBe(false);
    }
  }
});

it.each([0, 1, 31, 33, 64])('is not given with %i bytes', (length) => {
  const digest = Buffer.alloc(32);
  expect(sameBytes(digest, Buffer.alloc(length))).toBe(false);
});
