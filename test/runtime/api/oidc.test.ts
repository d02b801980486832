/** Access tokens: whose they are, and what is none. Keys made by `jose`, an issuer on loopback. */
import { createHmac } from 'node:crypto';
import { generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Caller } from '../../../runtime/api/api.ts';
import { type OidcOptions, oidcCaller } from '../../../runtime/api/oidc.ts';
import { Problem } from '../../../runtime/api/problems.ts';
import { AUDIENCE, type OidcIssuer, oidcIssuer } from '../../helpers/oidc-issuer.ts';
import { apiWorld } from './world.ts';

const SCOPES = {
  playback: 'edgepass:playback',
  revocations: 'edgepass:revocations',
  assets: 'edgepass:assets',
  assetChanges: 'edgepass:assets:write',
  viewing: 'edgepass:viewing',
};
let now = Date.now();
let issuer: OidcIssuer;

beforeAll(async () => {
  issuer = await oidcIssuer({ now: () => now });
});
afterAll(() => issuer.stop());

const options = (more: Partial<OidcOptions> = {}): OidcOptions => ({
  issuer: issuer.issuer,
  audience: AUDIENCE,
  tokenType: 'at+jwt',
  scopes: SCOPES,
  deployment: 'acme/test',
  header: 'authorization',
  now: () => now,
  ...more,
});

const event = (authorization: string | undefined, header = 'authorization') =>
  ({ headers: authorization === undefined ? {} : { [header]: authorization } }) as never;

/** The caller, or the code of the problem. */
async function call(authorization: string | undefined, more: Partial<OidcOptions> = {}): Promise<Caller | string> {
  try {
    return await oidcCaller(options(more))(event(authorization, more.header));
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

describe('an access token', () => {
  it('says who calls and what they may', async () => {
    const token = await issuer.token({ scope: 'openid edgepass:playback edgepass:assets' });
    expect(await call(`Bearer ${token}`)).toEqual({
      id: '["app","user-1"]',
      subject: expect.stringMatching(/^[\w-]{22}$/),
      permissions: new Set(['playback', 'assets']),
    });
  });

  it('may list its scopes in other ways', async () => {
    for (const claims of [
      { scp: ['edgepass:viewing'] },
      { scope: ['edgepass:viewing'] },
      { scp: 'a edgepass:viewing' },
    ]) {
      const caller = (await call(`bearer ${await issuer.token(claims)}`)) as Caller;
      expect(caller.permissions).toEqual(new Set(['viewing']));
    }
    const none = (await call(`Bearer ${await issuer.token({ scope: 'edgepass:viewingx' })}`)) as Caller;
    expect(none.permissions).toEqual(new Set());
  });

  it('gives a pseudonym that differs by person and deployment, and not by token', async () => {
    const of = async (sub: string, deployment = 'acme/test') =>
      ((await call(`Bearer ${await issuer.token({ sub })}`, { deployment })) as Caller).subject;
    expect(await of('a')).toBe(await of('a'));
    expect(new Set([await of('a'), await of('b'), await of('a', 'acme/prod')]).size).toBe(3);
    expect(await of('a')).not.toContain('a'.repeat(3));
  });

  it('of a type without a name is taken where the deployment says so', async () => {
    const token = await issuer.token({}, { typ: 'JWT' });
    expect(await call(`Bearer ${token}`)).toBe('unauthenticated');
    expect(await call(`Bearer ${token}`, { tokenType: 'jwt' })).toMatchObject({ id: '["app","user-1"]' });
  });

  it('of viewers is read where the edge puts it', async () => {
    const token = await issuer.token();
    expect(await call(`Bearer ${token}`, { header: 'x-edgepass-authorization' })).toMatchObject({
      id: '["app","user-1"]',
    });
    const caller = oidcCaller(options({ header: 'x-edgepass-authorization' }));
    await expect(caller(event(`Bearer ${token}`, 'authorization'))).rejects.toThrow(Problem);
  });
});

describe('is not known: a caller with', () => {
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = () => {
    const seconds = Math.floor(now / 1000);
    return { iss: issuer.issuer, aud: AUDIENCE, sub: 'user-1', iat: seconds, exp: seconds + 300 };
  };

  it.each<[string, () => Promise<string | undefined> | string | undefined]>([
    ['nothing', () => undefined],
    ['another scheme', async () => `Basic ${await issuer.token()}`],
    ['two tokens', async () => `Bearer ${await issuer.token()},Bearer ${await issuer.token()}`],
    ['something that is no token', () => 'Bearer x.y.z'],
    ['another issuer', async () => `Bearer ${await issuer.token({ iss: 'https://evil.example' })}`],
    ['another audience', async () => `Bearer ${await issuer.token({ aud: 'https://other.example.com' })}`],
    ['no audience', async () => `Bearer ${await issuer.token({ aud: undefined as never })}`],
    ['no subject', async () => `Bearer ${await issuer.token({ sub: undefined as never })}`],
    ['an empty subject', async () => `Bearer ${await issuer.token({ sub: '' })}`],
    ['a subject that is no text', async () => `Bearer ${await issuer.token({ sub: null as never })}`],
    ['no end', async () => `Bearer ${await issuer.token({ exp: undefined as never })}`],
    ['a token that has expired', async () => `Bearer ${await issuer.token({ exp: Math.floor(now / 1000) - 31 })}`],
    ['a token of the future', async () => `Bearer ${await issuer.token({ nbf: Math.floor(now / 1000) + 60 })}`],
    ['an ID token by its type', async () => `Bearer ${await issuer.token({}, { typ: 'JWT' })}`],
    ['no type', async () => `Bearer ${await issuer.token({}, { typ: undefined })}`],
    ['alg none', () => `Bearer ${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.`],
    ['alg none and a signature', () => `Bearer ${part({ alg: 'none', typ: 'at+jwt' })}.${part(claims())}.AAAA`],
    [
      'HS256 with the public key for a secret',
      () => {
        const signed = `${part({ alg: 'HS256', typ: 'at+jwt', kid: issuer.jwk().kid })}.${part(claims())}`;
        return `Bearer ${signed}.${createHmac('sha256', JSON.stringify(issuer.jwk())).update(signed).digest('base64url')}`;
      },
    ],
    [
      'a key of its own in the header',
      async () => {
        const { privateKey } = await generateKeyPair('ES256', { extractable: true });
        const header = { alg: 'ES256', typ: 'at+jwt', kid: issuer.jwk().kid as string, jwk: issuer.jwk() };
        return `Bearer ${await new SignJWT(claims()).setProtectedHeader(header).sign(privateKey)}`;
      },
    ],
    ['a key id of nobody', async () => `Bearer ${await issuer.token({}, { kid: 'nobody' })}`],
    [
      'an extension that must be understood',
      async () =>
        `Bearer ${(await issuer.token()).replace(/^[^.]+/, part({ alg: 'ES256', typ: 'at+jwt', crit: ['x'], x: 1 }))}`,
    ],
  ])('%s', async (_name, make) => {
    expect(await call(await make())).toBe('unauthenticated');
  });

  it('a token of a type that is another one, also where types say little', async () => {
    for (const typ of ['logout+jwt', 'dpop+jwt', 'secevent+jwt']) {
      const token = await issuer.token({}, { typ });
      expect([typ, await call(`Bearer ${token}`, { tokenType: 'jwt' })]).toEqual([typ, 'unauthenticated']);
    }
    for (const typ of [undefined, 'jwt', 'application/at+jwt'])
      expect(await call(`Bearer ${await issuer.token({}, { typ })}`, { tokenType: 'jwt' })).toMatchObject({
        id: '["app","user-1"]',
      });
  });

  it.each([
    ['nonce', 'n'],
    ['at_hash', 'h'],
    ['c_hash', 'h'],
    ['token_use', 'id'],
  ])('an ID token by its claim %s', async (claim, value) => {
    const token = await issuer.token({ [claim]: value }, { typ: 'JWT' });
    expect(await call(`Bearer ${token}`, { tokenType: 'jwt' })).toBe('unauthenticated');
  });
});

describe('the keys of the issuer', () => {
  it('are fetched once, and again when an unknown one turns up', async () => {
    const caller = oidcCaller(options());
    const ask = async () => caller(event(`Bearer ${await issuer.token()}`));
    const before = issuer.asked;
    await Promise.all([ask(), ask(), ask()]);
    await ask();
    expect(issuer.asked - before).toBe(1);
    const old = await issuer.token();
    await issuer.rotate();
    // jose asks for keys again at most every 30 s, measured by the clock of the machine.
    const real = Date.now;
    Date.now = () => real() + 31_000;
    try {
      await expect(ask()).resolves.toMatchObject({ id: '["app","user-1"]' });
      expect(issuer.asked - before).toBe(2);
      await expect(caller(event(`Bearer ${old}`))).rejects.toMatchObject({ code: 'unauthenticated' });
    } finally {
      Date.now = real;
    }
  });

  it('that cannot be had are no fault of the caller, and are asked for again', async () => {
    const caller = oidcCaller(options());
    issuer.down = true;
    const token = await issuer.token();
    await expect(caller(event(`Bearer ${token}`))).rejects.toMatchObject({ code: 'identity-provider-unavailable' });
    issuer.down = false;
    await expect(caller(event(`Bearer ${token}`))).resolves.toMatchObject({ id: '["app","user-1"]' });
  });

  it('of an issuer that calls itself by another name are not taken', async () => {
    const token = await issuer.token();
    expect(await call(`Bearer ${token}`, { issuer: issuer.issuer.replace('127.0.0.1', 'localhost') })).toBe(
      'identity-provider-unavailable',
    );
  });
});

it('a viewer with the scope of viewers is no service, and the other way round', async () => {
  for (const [kind, scope, problem] of [
    ['services', 'edgepass:viewing', 'scope-missing'],
    ['viewers', 'edgepass:playback edgepass:revocations edgepass:assets edgepass:assets:write', 'scope-missing'],
    ['viewers', 'edgepass:viewing', ''],
  ] as const) {
    const world = await apiWorld({ kind, mount: { authenticate: oidcCaller(options()) } });
    const authorization = `Bearer ${await issuer.token({ scope })}`;
    const answer = await world.ask('GET', '/assets', { headers: { authorization } });
    expect([kind, scope, answer.problem]).toEqual([kind, scope, problem]);
  }
  now += 0;
});
