import { describe, expect, it } from 'vitest';
import { hasToken, malformedTokenLength, matchToken } from '../../../runtime/token/token-text.ts';

it.each([
  `/eyJ${'A'.repeat(4000)}.${'B'.repeat(4000)}`,
  `/eyJ${'A'.repeat(4000)}.${'B'.repeat(4000)}/x`,
  `/eyJ${'A'.repeat(4000)}.${'B'.repeat(3900)}.${'C'.repeat(42)}/x`,
  `/eyJA.${'b-'.repeat(4000)}/x`,
  `/${'eyJA.'.repeat(1600)}x`,
  `/${'.eyJ'.repeat(2000)}/x`,
  `/${'a'.repeat(8000)}.x`,
  `/${'a.'.repeat(4000)}/x`,
  `${'/eyJ0123456789abcdef.0123456789abcdef'.repeat(200)}`,
])('takes no time over %.30s', (path) => {
  const start = performance.now();
  for (let i = 0; i < 20; i++) {
    matchToken(path);
    malformedTokenLength(path);
    hasToken(path);
  }
  // Linear: below a millisecond each. A quadratic pattern takes a hundred times as long.
  expect(performance.now() - start).toBeLessThan(400);
});

const SIGNATURE = 'x-_'.repeat(15).slice(0, 43);
const LONG = 'eyJhbGciOiJIUzI1NiJ9';

describe('a first segment that is meant to be a token', () => {
  it.each([
    `/${LONG}.x`,
    `/${LONG}.`,
    `/eyJ${'a'.repeat(16)}.`,
    `/.${LONG}.x`,
    `/session.${LONG}.x`,
    `/hh.pp.${SIGNATURE}`,
    `/h.p.${SIGNATURE}`,
    `/session.hh.pp.${SIGNATURE}`,
    `/%20;.pp.${SIGNATURE}`,
  ])('%s', (segment) => {
    expect(malformedTokenLength(segment)).toBe(segment.length);
    expect(malformedTokenLength(`${segment}/`)).toBe(segment.length);
    expect(malformedTokenLength(`${segment}/vod/a`)).toBe(segment.length);
  });

  it.each([
    '/',
    '/vod/a',
    `/${LONG}`,
    `/${LONG}/a.b`,
    `/eyJ${'a'.repeat(15)}.x`,
    `/x${LONG}.x`,
    `/vod/${LONG}.x`,
    `/vod/hh.pp.${SIGNATURE}`,
    `/a.b.${LONG}.x`,
    `/hh.${SIGNATURE}`,
    `/.pp.${SIGNATURE}`,
    `/hh..${SIGNATURE}`,
    `/hh.pp.${SIGNATURE}x`,
    `/hh.pp.${SIGNATURE.slice(1)}`,
    `/hh.pp.${SIGNATURE.slice(1)}!`,
    `/hh.pp.${SIGNATURE}.mp4`,
    `/a.b.hh.pp.${SIGNATURE}`,
  ])('is not %s', (path) => {
    expect(malformedTokenLength(path)).toBe(0);
  });
});

describe('a second token in a path', () => {
  const BODY = 'eyJleHAiOjE3MDAwMDAwMDB9';

  it.each([
    // By how it begins, with nothing behind it that a signature would be told by.
    `/vod/${LONG}.${BODY}.`,
    `/vod/${LONG}.${BODY}.short`,
    `/vod/x!${LONG}.${BODY}./a.ts`,
    `/vod/x%20${LONG}.${BODY}.`,
    `/vod/eyJ${'a'.repeat(16)}.${'b'.repeat(16)}.`,
    // By how it ends, with a header that does not begin like one.
    `/vod/${'h'.repeat(20)}.${BODY}.${SIGNATURE}`,
    `/vod/${'h'.repeat(20)}.${BODY}.${SIGNATURE}/a.ts`,
  ])('%s', (path) => {
    expect(hasToken(path)).toBe(true);
  });

  it.each([
    `/vod/${LONG}.${BODY}`,
    `/vod/x${LONG}.${BODY}.`,
    `/vod/eyJ${'a'.repeat(15)}.${'b'.repeat(16)}.`,
    `/vod/eyJ${'a'.repeat(16)}.${'b'.repeat(15)}.`,
    `/vod/${'h'.repeat(20)}.${'p'.repeat(15)}.${SIGNATURE}`,
    `/vod/${'h'.repeat(20)}.${BODY}.${SIGNATURE}x`,
  ])('is not in %s', (path) => {
    expect(hasToken(path)).toBe(false);
  });
});
