import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { claimFaults } from '../../../generator/commands/token/claim-faults.ts';
import { readClaims } from '../../../runtime/token/claim-text.ts';
import { root } from '../../helpers/config.ts';
import { encode, signToken } from '../../helpers/sign.ts';
import { AT, KEY, NOW, SESSION, tokenProject } from './token-project.ts';

const CLAIMS = { iat: NOW - 720, exp: NOW + 720, aud: 'acme-video/dev', paths: ['/live/'], ssn: SESSION };
const TOKEN = signToken({ key: KEY, claims: CLAIMS, session: SESSION });
const [, HEADER = '', PAYLOAD = '', SIGNATURE = ''] = TOKEN.split('.');

describe('edgepass token decode', () => {
  it('shows what is written in a token, and that nothing is proved', async () => {
    const project = await tokenProject();
    const url = await project.url();
    const { code, stdout, stderr } = await project.token(['decode', url, '--at', String(NOW + 3 * 3600)]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toContain(url.split('/')[3]?.split('.').at(-1));
    await expect(stdout).toMatchFileSnapshot(`${root}/test/generator/commands/golden/token-decode.txt`);
  });

  it.each([
    ['a token', TOKEN],
    ['a token with white space around it', ` ${TOKEN}\n`],
    ['a URL', `https://media.example.com/${TOKEN}/live/index.m3u8?x=1#t=3`],
    ['a path', `/${TOKEN}/live/index.m3u8`],
    ['a query', `https://media.example.com/live/index.m3u8?a=b&token=${TOKEN}&c=d`],
    ['a deeper segment', `https://media.example.com/a/b/${TOKEN}/live/`],
    ['plain HTTP', `http://media.example.com/${TOKEN}/live/`],
  ])('finds it in %s', async (_name, text) => {
    const project = await tokenProject();
    const asked = await project.token(['decode', text, '--json']);
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.stdout)).toMatchObject({
      ok: true,
      verified: false,
      session: SESSION,
      header: { kid: KEY.kid },
      claims: CLAIMS,
    });
    expect((await project.token(['decode', '-', '--json'], text)).stdout).toBe(asked.stdout);
  });

  it('takes a token whose session begins with a dash', async () => {
    const project = await tokenProject();
    const session = '-0123456789abcdef';
    const token = signToken({ key: KEY, claims: { ...CLAIMS, ssn: session }, session });
    expect(await project.token(['decode', token])).toMatchObject({ code: 0, stderr: '' });
  });

  it.each<[what: string, text: string, code: string, message: RegExp]>([
    ['another word', 'hello', 'EP6022', /3 parts .* this has 1\./],
    ['five parts', `a.${TOKEN}`, 'EP6022', /this has 5\./],
    ['a missing part', `${HEADER}.${PAYLOAD}`, 'EP6022', /this has 2\./],
    ['an empty part', `${HEADER}..${SIGNATURE}`, 'EP6022', /The payload is empty\./],
    [
      'padding',
      `${HEADER}.${PAYLOAD}=.${SIGNATURE}`,
      'EP6022',
      new RegExp(`Character ${PAYLOAD.length + 1} of the payload is "=": .*padding`),
    ],
    ['base64', `${HEADER}.ab+${PAYLOAD}.${SIGNATURE}`, 'EP6022', /Character 3 of the payload is "\+", which/],
    [
      'a control character',
      `${HEADER}.ab\u0007.${SIGNATURE}`,
      'EP6022',
      /Character 3 of the payload is U\+0007, which/,
    ],
    ['a cut payload', `${HEADER}.${PAYLOAD.slice(0, 41)}.${SIGNATURE}`, 'EP6022', /The payload has 41 characters/],
    [
      'a payload cut elsewhere',
      `${HEADER}.${PAYLOAD.slice(0, 40)}.${SIGNATURE}`,
      'EP6022',
      /The payload is not JSON\./,
    ],
    [
      'bytes in the payload',
      `${HEADER}.${Buffer.from([0x22, 0xff, 0x22]).toString('base64url')}.${SIGNATURE}`,
      'EP6022',
      /The payload is not UTF-8/,
    ],
    ['a cut signature', `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(1)}`, 'EP6022', /The signature has 42 characters/],
    ['trailing bits', `${HEADER}.${PAYLOAD}.${SIGNATURE.slice(0, 42)}B`, 'EP6022', /last character of the signature/],
    ['a short session', `short.${HEADER}.${PAYLOAD}.${SIGNATURE}`, 'EP6022', /The session has 5 characters/],
    [
      'a long token',
      signToken({ key: KEY, claims: { ...CLAIMS, ssn: undefined, x: 'x'.repeat(1600) } }),
      'EP6022',
      /The edge reads tokens of up to 2048/,
    ],
    [
      'another algorithm',
      signToken({ key: KEY, claims: { ...CLAIMS, ssn: undefined }, header: { alg: 'none', kid: KEY.kid } }),
      'EP6023',
      /"alg" must be "HS256", and is "none"/,
    ],
    [
      'no key id',
      signToken({ key: KEY, claims: { ...CLAIMS, ssn: undefined }, header: { alg: 'HS256' } }),
      'EP6023',
      /"kid" .* is absent/,
    ],
    [
      'a header that is a list',
      signToken({ key: KEY, claims: { ...CLAIMS, ssn: undefined }, header: [] }),
      'EP6023',
      /header is no JSON object/,
    ],
    [
      'a text for a time',
      signToken({ key: KEY, claims: { ...CLAIMS, ssn: undefined, exp: '1' } }),
      'EP6023',
      /"exp" must be a whole number/,
    ],
    ['null claims', signToken({ key: KEY, claims: null }), 'EP6023', /The payload is no JSON object/],
    [
      'another session',
      signToken({ key: KEY, claims: CLAIMS, session: 'x'.repeat(22) }),
      'EP6023',
      /not that of the claim/,
    ],
    ['a session without its part', signToken({ key: KEY, claims: CLAIMS }), 'EP6023', /none stands in front/],
    ['a URL without a token', 'https://media.example.com/live/index.m3u8?a=b', 'EP6021', /no token/],
    ['a URL with a cut token', `https://media.example.com/${HEADER}.${PAYLOAD}/live/`, 'EP6022', /this has 2\./],
  ])('says what is wrong with %s', async (_what, text, code, message) => {
    const project = await tokenProject();
    const ran = await project.token(['decode', '-', ...AT], text);
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain(` ${code} `);
    expect(ran.stderr).toMatch(message);
    expect(ran.stdout + ran.stderr).not.toContain(SIGNATURE);
    const { stdout } = await project.token(['decode', '-', ...AT, '--json'], text);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      diagnostics: expect.arrayContaining([expect.objectContaining({ code })]),
    });
  });

  it('takes nothing, too much and no text for what they are', async () => {
    const project = await tokenProject();
    for (const input of ['', ' \n', 'x'.repeat(70_000), Uint8Array.of(0xc3, 0x28)])
      expect(await project.token(['decode', '-'], input)).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringContaining('EP6021'),
      });
  });

  it('survives any text', async () => {
    const project = await tokenProject();
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.json().map(encode),
      fc.constantFrom(HEADER, PAYLOAD, SIGNATURE, '', SESSION),
    );
    const text = fc.array(part, { maxLength: 6 }).map((parts) => parts.join('.'));
    await fc.assert(
      fc.asyncProperty(text, async (given) => {
        const { code, stderr } = await project.token(['decode', '-'], given);
        expect([0, 1]).toContain(code);
        expect(code === 0).toBe(stderr === '');
      }),
      { numRuns: 300 },
    );
  });
});

describe('claim faults', () => {
  const names = [
    'iat',
    'exp',
    'nbf',
    'aud',
    'paths',
    'exc',
    'ssn',
    'co',
    'reg',
    'cty',
    'co_fallback',
    'reg_fallback',
    'cty_fallback',
    'ip',
    'ip_ver',
    'headers',
    'qs',
    'intsig',
  ];
  const value = fc.oneof(
    fc.constantFrom<unknown>(null, true, '', 'a', '/a/', 0, 4, 6, 16, 15, 64, 129, 1.5, NOW, NOW + 1, 9e15, -1),
    fc.array(fc.constantFrom<unknown>('', 'a', '/a/', '/a/b/', '/', '/a', 4), { maxLength: 3 }),
    fc.constant({}),
  );

  it('are found exactly where the edge refuses the claims', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...names), value, { maxKeys: 5 }), (changes) => {
        const claims: Record<string, unknown> = { iat: NOW, exp: NOW + 60, aud: 'a/b', paths: ['/a/b/'], ...changes };
        const session = typeof claims.ssn === 'string' ? claims.ssn : undefined;
        const faults = claimFaults(claims, session);
        expect(faults.length === 0).toBe(readClaims(JSON.stringify(claims)) !== null);
        expect(faults).not.toContain('The edge does not take these claims.');
      }),
      { numRuns: 5000 },
    );
  });
});
