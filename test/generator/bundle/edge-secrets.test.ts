import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { proveEdge } from '../../../generator/bundle/edge-proof.ts';
import { secretIn } from '../../../generator/bundle/edge-secrets.ts';

/** Random bytes that are the same in every run. */
const bytes = (seed: string, length: number): Buffer =>
  Buffer.concat([0, 1].map((i) => createHash('sha256').update(`${seed}${i}`).digest())).subarray(0, length);
const key = bytes('a key', 32);
const withLiteral = (code: string): string => `function handler(event) {\n${code}\nreturn event.request;\n}`;
const rules = (code: string): string[] => proveEdge(withLiteral(code)).map((fault) => fault.rule);

describe('keys of 32 bytes', () => {
  it.each([
    ['base64url', 0.97],
    ['base64', 0.97],
    ['hex', 0.999],
  ] as const)('in %s are found', (encoding, share) => {
    const found = Array.from({ length: 1000 }, (_, i) => secretIn(bytes(`${encoding} ${i}`, 32).toString(encoding)));
    expect(found.filter((what) => what !== undefined).length / found.length).toBeGreaterThan(share);
  });
});

describe('literals that are refused', () => {
  it.each([
    ['a string', `var k = '${key.toString('base64url')}';`],
    ['a member name', `var k = { '${key.toString('hex')}': 1 };`],
    ['a template', `var k = \`${key.toString('base64url')}\`;`],
    ['part of a longer text', `var k = 'v1;${key.toString('base64')};signing';`],
    ['JSON in a string', `var k = '{"k1":"${key.toString('base64url')}"}';`],
    ['a comment', `/* ${key.toString('hex')} */`],
    ['PEM', `var k = '-----BEGIN EC PRIVATE KEY-----';`],
    ['an AWS key id', `var k = 'AKIAIOSFODNN7EXAMPLE';`],
    ['a temporary AWS key id', `var k = 'ASIAIOSFODNN7EXAMPLE';`],
    ['a token', `var k = 'eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.x';`],
    ['a symmetric JWK', `var k = { kty: 'oct', k: 'AAAA' };`],
    ['a telling member', `var k = { clientSecret: 'correct horse' };`],
    ['a telling member in quotes', `var k = { 'api-key': 'correct horse' };`],
    ['a telling variable', `var signingKey = 'correct horse';`],
  ])('%s', (_name, code) => expect(rules(code)).toEqual(['secret']));
});

describe('literals that are fine', () => {
  it.each([
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
    '0123456789abcdefghijklmnopqrstuvwxyz',
    'my-very-long-stream-name-for-the-2024-season-final',
    'eu-west-1-ch1-720p-30fps-h264-aac-2ch-v3',
    '/out/v1/0a1b2c3d4e5f60718293a4b5c6d7e8f9/',
    'abcd1234.egress.x1y2z3.mediapackagev2.eu-west-1.amazonaws.com',
    'd111111abcdef8.cloudfront.net',
    '6f2b8c1e-0a1b-4c2d-9e3f-0123456789ab',
    'arn:aws:cloudfront::123456789012:key-value-store/6f2b8c1e-0a1b-4c2d-9e3f-0123456789ab',
    'acme-video-dev-artifacts-012345678901-eu-west-1',
    'acme-video-dev-mediabucket-1x2y3z4a5b6c7',
    'KeyValueStore/a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d',
    'thisIsAVeryLongCamelCaseIdentifierName2',
    'x-edgepass-reason,content-type,content-length,content-range',
    'cloudfront-viewer-country-region-name',
    '00000000000000000000000000000000',
  ])('%s', (text) => expect(rules(`var a = '${text}';`)).toEqual([]));
  it('short values of telling members', () =>
    expect(rules("var a = { secret: 'no', signingKey: event.key, key: 'default' };")).toEqual([]));
});

it('never quotes what it found', () => {
  const faults = proveEdge(withLiteral(`var k = '${key.toString('base64url')}', p = { password: 'correct horse' };`));
  expect(faults.length).toBe(2);
  for (const text of [key.toString('base64url'), 'correct horse']) expect(JSON.stringify(faults)).not.toContain(text);
});
