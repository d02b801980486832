import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { isDigest } from '../../../runtime/token/same-bytes.ts';

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');

it('is equality of 32 bytes', () => {
  const digest = randomBytes(32);
  expect(isDigest(digest, text(digest))).toBe(true);
  for (let byte = 0; byte < 32; byte++) {
    for (let bit = 0; bit < 8; bit++) {
      const other = Buffer.from(digest);
      other[byte] = (other[byte] as number) ^ (1 << bit);
      expect(isDigest(digest, text(other))).toBe(false);
    }
  }
});

it.each([0, 1, 16, 31])('is not given with the first %i bytes, whatever was compared before', (length) => {
  const digest = randomBytes(32);
  expect(isDigest(digest, text(digest))).toBe(true);
  expect(isDigest(digest, text(digest.subarray(0, length)))).toBe(false);
  expect(isDigest(digest.subarray(0, length), text(digest))).toBe(false);
  expect(isDigest(digest.subarray(0, length), text(digest.subarray(0, length)))).toBe(false);
});

it('is not given by a runtime whose digest is no buffer', () => {
  const digest = randomBytes(32);
  expect(isDigest(digest, text(digest))).toBe(true);
  for (const other of [text(digest), {}, { length: 32 }, [...digest]]) {
    expect(() => isDigest(other as Buffer, text(digest))).toThrow();
  }
});
