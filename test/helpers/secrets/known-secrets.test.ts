import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { encodeState } from '../../../runtime/keys/state.ts';
import { revocationKey } from '../../../runtime/token/revocation.ts';
import { signToken, testKey } from '../sign.ts';
import { secret, secretIn } from './known-secrets.ts';

const unknown = (): string => randomBytes(32).toString('base64url');
const key = testKey('log');
const state = encodeState({ audience: 'acme/dev', keys: [key], voidBefore: 0 });
const token = signToken({ key, claims: { iss: 'acme/dev', iat: 1, exp: 2 } });
const inLog = (value: unknown): string => JSON.stringify({ level: 'ERROR', error: { message: JSON.stringify(value) } });

describe('a secret in a line', () => {
  it.each<[string, string]>([
    // By its form. One of 1,500 random keys has no digit; those of the worlds are known besides.
    ['a token', `GET /live/${token}/index.m3u8`],
    ['a token', inLog({ token })],
    ['a key', inLog({ made: 'aB3dEfGhIjKlMnOpQrStUvWxYz0123456789-_aBcDE' })],
    ['a record of keys', inLog({ version: 1, kid: 'x', sign: 'not-a-key-at-all' })],
    ['a record of keys', "{ kid: 'x', bind: 'not-a-key-at-all' }"],
    ['the edge state', inLog({ state: state.slice(0, 40) })],
    // By what is known.
    ['a known secret', `part ${key.sign.slice(10, 26)}`],
    ['a known secret', Buffer.from(key.bind, 'base64url').toString('hex')],
    ['a known secret', `<${Buffer.from(key.bind, 'base64url').toString('base64')}>`],
  ])('is %s', (what, line) => {
    expect(secretIn(line)).toBe(what);
  });

  it('is found in what was noted as a whole', () => {
    const made = unknown();
    secret(JSON.stringify({ header: made.replace(/\d/g, 'x') }));
    expect(secretIn(`value ${made.replace(/\d/g, 'x').slice(4, 24)}`)).toBe('a known secret');
    expect(secretIn(`value ${made.slice(4, 14)}`)).toBeUndefined();
  });
});

it.each<[string, string]>([
  ['digests', createHash('sha256').update('x').digest('hex')],
  ['digests in base64', `sha256-${createHash('sha256').update('x').digest('base64')}`],
  [
    'ids of AWS',
    `${randomUUID()} arn:aws:secretsmanager:eu-west-1:111122223333:secret:edgepass/acme-video/staging/key-record-ZRGQ1L`,
  ],
  ['names', 'acme-video-staging-base-home-RevocationsFunction-FDH722BNF3AI'],
  ['sessions', `session-00000000000001 ${revocationKey('x'.repeat(64))}`],
  ['ids of keys', `{"signing":"${key.kid}","kid":"${randomBytes(6).toString('base64url')}"}`],
  ['times', '2026-11-24T12:00:00.000Z 1800000000 1800000000000'],
  [
    'words on keys',
    '{"what":"sign","step":"bind","message":"key record: \\"sign\\" must be 32 bytes in base64url without padding"}',
  ],
])('%s are no secret', (_name, line) => {
  expect(secretIn(line)).toBeUndefined();
});
