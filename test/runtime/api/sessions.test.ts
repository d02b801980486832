/** Refreshing and revoking sessions. */
import { describe, expect, it } from 'vitest';
import { keyValueStore } from '../../../runtime/aws/key-value-store.ts';
import { encodeState } from '../../../runtime/keys/state.ts';
import { itemOf } from '../../../runtime/sessions/revocation-row.ts';
import { inProcess } from '../../helpers/aws/data/in-process.ts';
import { AwsError } from '../../helpers/aws/errors.ts';
import { signToken, testKey } from '../../helpers/sign.ts';
import { AUD, KEY, NOW } from '../issuer/world.ts';
import { type ApiWorld, type Asked, apiWorld, PLAYBACK, REVOCATIONS, STORE, type WorldOptions } from './world.ts';

type Kind = 'services' | 'viewers';

interface Running {
  world: ApiWorld;
  session: string;
  token: string;
  /** Refreshes, with another token if one is given. */
  refresh(token?: string, session?: string): Promise<Asked>;
  revoke(token?: string, session?: string): Promise<Asked>;
}

/** An API with a session that somebody has begun. */
async function running(kind: Kind, options: WorldOptions = {}): Promise<Running> {
  const world = await apiWorld({ kind, ...options });
  const { body } = await world.ask('POST', '/playback/trailer', kind === 'services' ? { body: PLAYBACK } : {});
  world.forget();
  const live = (token: string) => ({ headers: { 'x-edgepass-token': token } });
  return {
    world,
    session: body.session,
    token: body.token,
    refresh: (token = body.token, session = body.session) =>
      world.ask(
        'POST',
        `/sessions/${session}/refresh`,
        kind === 'services' ? { body: { ...PLAYBACK, token } } : live(token),
      ),
    revoke: (token = body.token, session = body.session) =>
      world.ask('POST', `/sessions/${session}/revocation`, kind === 'services' ? {} : live(token)),
  };
}

const claimsOf = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.').at(-2) as string, 'base64url').toString());

/** Claims as the API writes them for a running session, with changes. */
const forged = ({ token, session }: Running, change: Record<string, unknown>, more: object = {}): string =>
  signToken({ key: KEY, claims: { ...claimsOf(token), ...change }, session, ...more });

const REFUSED: [name: string, make: (running: Running) => string, status: number, problem: string, reason?: string][] =
  [
    ['no token at all', () => 'x', 403, 'token-refused', 'token_malformed'],
    [
      'a token with a changed signature',
      ({ token }) => `${token.slice(0, -3)}AAA`,
      403,
      'token-refused',
      'signature_invalid',
    ],
    ['a token of another payload', (run) => swapped(run), 403, 'token-refused', 'signature_invalid'],
    [
      'a token without a signature (alg none)',
      (run) => forged(run, {}, { header: { alg: 'none', typ: 'JWT', kid: KEY.kid } }),
      403,
      'token-refused',
      'token_malformed',
    ],
    [
      'a token signed with the key of bindings',
      (run) => forged(run, {}, { signWith: KEY.bind }),
      403,
      'token-refused',
      'signature_invalid',
    ],
    [
      'a token of a key that is not live',
      ({ token, session }) => signToken({ key: testKey('stranger'), claims: claimsOf(token), session }),
      403,
      'token-refused',
      'key_unknown',
    ],
    [
      'a token of another deployment',
      (run) => forged(run, { aud: 'acme/prod' }),
      403,
      'token-refused',
      'audience_mismatch',
    ],
    [
      'a token that has expired',
      (run) => forged(run, { iat: NOW - 60, exp: NOW }),
      403,
      'token-refused',
      'token_expired',
    ],
    ['a token of the future', (run) => forged(run, { iat: NOW + 200 }), 403, 'token-refused', 'token_not_yet_valid'],
    ['a claim of a wrong type', (run) => forged(run, { exp: 'tomorrow' }), 403, 'token-refused', 'token_malformed'],
    [
      'a token whose session is in front only',
      ({ token, session }) => {
        const { ssn: _ssn, ...claims } = claimsOf(token);
        return signToken({ key: KEY, claims, session });
      },
      403,
      'token-refused',
      'token_malformed',
    ],
    [
      'a token that is much too long',
      ({ token }) => `${token.split('.')[0]}.${'e'.repeat(3000)}.e.e`,
      403,
      'token-refused',
      'token_malformed',
    ],
  ];

function swapped({ token }: Running): string {
  const [session, header, payload = '', signature] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
  const other = Buffer.from(JSON.stringify({ ...claims, paths: ['/'] })).toString('base64url');
  return [session, header, other, signature].join('.');
}

describe.each<Kind>(['services', 'viewers'])('a session of %s', (kind) => {
  it('goes on with a new token', async () => {
    const run = await running(kind);
    run.world.now += 1800;
    const { status, body } = await run.refresh();
    expect([status, body.session, body.expires]).toEqual([200, run.session, NOW + 1800 + 3600]);
    expect(claimsOf(body.token)).toEqual({
      ...claimsOf(run.token),
      iat: NOW + 1800,
      exp: NOW + 1800 + 3600,
      intsig: expect.any(String),
      ctx: `${NOW}:trailer:all`,
    });
    expect(run.world.writes()).toEqual([]);
    run.world.now += 3000;
    expect((await run.refresh(body.token)).status).toBe(200);
    // The first token is over by now.
    expect((await run.refresh()).body.reason).toBe('token_expired');
  });

  it('ends at its longest age', async () => {
    const run = await running(kind, { settings: { maxSessionAge: 5000 } });
    run.world.now += 3000;
    const second = await run.refresh();
    expect(second.body.expires).toBe(NOW + 5000);
    run.world.now = NOW + 5000 - 1;
    const last = await run.refresh(second.body.token);
    expect([last.status, last.body.expires]).toEqual([200, NOW + 5000]);
    // A token that lives on beyond it, by whatever mistake, opens nothing either.
    const long = forged({ ...run, token: last.body.token }, { exp: NOW + 6000 });
    run.world.now = NOW + 5000;
    const over = await run.refresh(long);
    expect([over.status, over.problem]).toEqual([403, 'session-too-old']);
  });

  it('is not refreshed any more when it is revoked, and stays so', async () => {
    const run = await running(kind);
    expect((await run.revoke()).body).toEqual({ session: run.session, state: 'revoked', expires: NOW + 7200 + 120 });
    const refused = await run.refresh();
    expect([refused.status, refused.problem]).toEqual([410, 'session-revoked']);
    expect(JSON.stringify(refused.body)).not.toContain('eyJ');
  });

  it.each(REFUSED)('is not refreshed with %s', async (_name, make, status, problem, reason) => {
    const run = await running(kind);
    const answer = await run.refresh(make(run));
    expect([answer.status, answer.problem, answer.body.reason]).toEqual([status, problem, reason]);
    expect(run.world.writes()).toEqual([]);
  });

  it('is not refreshed with the token of another session', async () => {
    const run = await running(kind);
    const answer = await run.refresh(run.token, 'Ab0_-xYzAb0_-xYzAb0_-x');
    expect([answer.status, answer.problem, run.world.writes()]).toEqual([403, 'session-mismatch', []]);
  });

  it('is not refreshed with a token that this API did not issue', async () => {
    const run = await running(kind);
    for (const ctx of [undefined, 1, '', 'x', `${NOW}:trailer`, `0:trailer:all`, `${NOW}:../x:all`]) {
      const answer = await run.refresh(forged(run, { ctx }));
      expect([answer.status, answer.problem]).toEqual([403, 'token-not-refreshable']);
    }
  });

  it('is not refreshed for an asset that is gone', async () => {
    const run = await running(kind);
    await run.world.store.remove('trailer');
    const answer = await run.refresh();
    expect([answer.status, answer.problem]).toEqual([404, 'asset-not-found']);
  });

  it('is not refreshed when its tokens were made void, or no state says so', async () => {
    const run = await running(kind);
    const { store } = inProcess({ services: { 'cloudfront-keyvaluestore': run.world.keyValues } });
    const edge = keyValueStore(store, STORE);
    const write = async (text: string) => {
      const { etag } = await edge.describe();
      await edge.write({ etag, puts: { state: text } });
    };
    await write(encodeState({ audience: AUD, keys: [KEY], voidBefore: NOW + 1 }));
    expect((await run.refresh()).body.reason).toBe('token_voided');
    for (const text of ['', 'ep1', encodeState({ audience: 'acme/other', keys: [KEY], voidBefore: 0 })]) {
      await write(text);
      const answer = await run.refresh();
      expect([answer.status, answer.problem]).toEqual([503, 'temporarily-unavailable']);
    }
  });
});

describe('a viewer', () => {
  it.each(['refresh', 'revocation'])('may not ask for the %s of the session of another', async (deed) => {
    const run = await running('viewers');
    run.world.caller = { id: 'viewer-2', subject: 'pseudonym-2' };
    const answer = deed === 'refresh' ? await run.refresh() : await run.revoke();
    expect([answer.status, answer.problem, run.world.writes()]).toEqual([403, 'session-of-another', []]);
  });

  it('needs the live token to revoke, too', async () => {
    const run = await running('viewers');
    const bare = await run.world.ask('POST', `/sessions/${run.session}/revocation`);
    expect([bare.status, bare.problem]).toEqual([400, 'token-missing']);
    for (const [, make, status, problem] of REFUSED) {
      const answer = await run.revoke(make(run));
      expect([answer.status, answer.problem]).toEqual([status, problem]);
    }
    expect((await run.revoke(run.token, 'Ab0_-xYzAb0_-xYzAb0_-x')).problem).toBe('session-mismatch');
    expect(run.world.writes()).toEqual([]);
  });

  it('cannot shorten what an operator has said, nor say it twice', async () => {
    const run = await running('viewers');
    const row = {
      session: run.session,
      state: 'revoked',
      type: 'manual',
      reason: 'leaked',
      created: NOW,
      expires: NOW + 1e6,
    } as const;
    run.world.tables.table(REVOCATIONS).set(run.session, itemOf(row) as never);
    run.world.forget();
    expect((await run.revoke()).body.expires).toBe(NOW + 1e6);
    expect(run.world.writes()).toEqual([]);
  });

  it('takes nothing of its weight from what an operator has said, and gives none to what they say themselves', async () => {
    const run = await running('viewers');
    await run.revoke();
    expect(row(run.world, run.session)?.by).toEqual({ S: 'viewer' });
    const short = { session: run.session, state: 'revoked', type: 'manual', reason: 'leaked', created: NOW } as const;
    run.world.tables.table(REVOCATIONS).set(run.session, itemOf({ ...short, expires: NOW + 60 }) as never);
    run.world.forget();
    // Their session is not to come back; the words are the operator's.
    expect((await run.revoke()).body.expires).toBe(NOW + 7320);
    expect(row(run.world, run.session)).toMatchObject({ reason: { S: 'leaked' }, created: { N: String(NOW) } });
    expect(row(run.world, run.session)?.by).toBeUndefined();
    run.world.forget();
    await run.revoke();
    expect(run.world.writes()).toEqual([]);
  });

  it('overwrites no operator who revokes at the same moment', async () => {
    const state: { run?: Running } = {};
    const weather = {
      before: ({ operation }: { operation: string }) => {
        const { run } = state;
        if (operation !== 'PutItem' || run === undefined) return;
        delete state.run;
        const leaked = { session: run.session, state: 'revoked', type: 'manual', reason: 'leaked' } as const;
        const item = itemOf({ ...leaked, created: NOW, expires: NOW + 1e6 });
        run.world.tables.table(REVOCATIONS).set(run.session, item as never);
      },
    };
    const run = await running('viewers', { weather });
    state.run = run;
    expect((await run.revoke()).body.expires).toBe(NOW + 1e6);
    expect(row(run.world, run.session)).toMatchObject({ reason: { S: 'leaked' }, expires: { N: String(NOW + 1e6) } });
    expect(row(run.world, run.session)).not.toHaveProperty('by');
  });

  it('is told to come again when the row changes all the time', async () => {
    let count = 0;
    const weather = {
      before: ({ operation }: { operation: string }) => {
        if (operation !== 'PutItem') return;
        const lifted = { session: run.session, state: 'lifted', type: 'manual', reason: '', created: NOW } as const;
        count += 1;
        run.world.tables.table(REVOCATIONS).set(run.session, itemOf({ ...lifted, expires: NOW + count }) as never);
      },
    };
    const run: Running = await running('viewers', { weather });
    const answer = await run.revoke();
    expect([answer.status, answer.problem, count]).toEqual([503, 'temporarily-unavailable', 5]);
  });
});

const row = (world: ApiWorld, session: string) => world.tables.table(REVOCATIONS).items.get(session);

describe('a service', () => {
  it('asks for a shorter life and other domains when it refreshes, as when it begins', async () => {
    const { world, session, token } = await running('services');
    const refresh = (more: object) =>
      world.ask('POST', `/sessions/${session}/refresh`, { body: { ...PLAYBACK, token, ...more } });
    const { status, body } = await refresh({ ttl: 60, domains: ['segments'] });
    expect([status, body.expires, Object.keys(body.domains)]).toEqual([200, NOW + 60, ['segments']]);
    expect((await refresh({ ttl: 3601 })).problem).toBe('lifetime-too-long');
    expect((await refresh({ domains: ['nobody'] })).problem).toBe('domain-unknown');
  });

  it('gives the weight of an operator to what a viewer has revoked', async () => {
    const run = await running('services');
    const own = { session: run.session, state: 'revoked', type: 'manual', reason: '', created: NOW } as const;
    run.world.tables
      .table(REVOCATIONS)
      .set(run.session, itemOf({ ...own, expires: NOW + 7320, by: 'viewer' }) as never);
    await run.revoke();
    expect(row(run.world, run.session)).not.toHaveProperty('by');
    run.world.forget();
    await run.revoke();
    expect(run.world.writes()).toEqual([]);
  });

  it('revokes for a reason and a time, again and again with one effect', async () => {
    const { world, session, revoke } = await running('services');
    const body = { reason: 'shared', expires: NOW + 9_000 };
    const path = `/sessions/${session}/revocation`;
    expect((await world.ask('POST', path, { body })).body).toEqual({ session, state: 'revoked', expires: NOW + 9_000 });
    expect(row(world, session)).toMatchObject({ reason: { S: 'shared' }, type: { S: 'manual' }, held: { S: '1' } });
    world.forget();
    expect((await revoke()).body.expires).toBe(NOW + 9_000);
    expect(world.writes()).toEqual([]);
    const early = await world.ask('POST', path, { body: { expires: NOW } });
    expect([early.status, early.problem, world.writes()]).toEqual([422, 'expires-too-early', []]);
  });

  it('changes the reason without the end, and the end without the reason', async () => {
    const { world, session } = await running('services');
    const ask = (body: object) => world.ask('POST', `/sessions/${session}/revocation`, { body });
    const year = NOW + 31_536_000;
    await ask({ reason: 'shared', expires: year });
    world.now += 10;
    expect((await ask({ reason: 'leaked' })).body.expires).toBe(year);
    const words = () => [row(world, session)?.reason?.S, row(world, session)?.expires?.N];
    expect(words()).toEqual(['leaked', String(year)]);
    await ask({ expires: NOW + 500_000 });
    expect(words()).toEqual(['leaked', String(NOW + 500_000)]);
  });

  it('does not shorten an automatic revocation by saying it', async () => {
    const { world, session, revoke } = await running('services');
    const automatic = { session, state: 'revoked', type: 'automatic', reason: 'score', created: NOW } as const;
    world.tables.table(REVOCATIONS).set(session, itemOf({ ...automatic, expires: NOW + 1e6 }) as never);
    expect((await revoke()).body.expires).toBe(NOW + 1e6);
    expect(row(world, session)).toMatchObject({ type: { S: 'manual' }, reason: { S: 'revoked by a service' } });
  });

  // The second is over, but not yet away: clocks may differ.
  it.each([10, 100])('revokes for good what was revoked for a short time only, %s s later', async (later) => {
    const { world, session, revoke } = await running('services');
    await world.ask('POST', `/sessions/${session}/revocation`, { body: { expires: NOW + 50 } });
    world.now += later;
    expect((await revoke()).body.expires).toBe(NOW + later + 7320);
    expect(row(world, session)).toMatchObject({ expires: { N: String(NOW + later + 7320) } });
    world.now += 10;
    world.forget();
    expect((await revoke()).body.expires).toBe(NOW + later + 7320);
    expect(world.writes()).toEqual([]);
  });

  it('turns an automatic revocation into one that a person has said', async () => {
    const { world, session, revoke } = await running('services');
    const automatic = {
      session,
      state: 'revoked',
      type: 'automatic',
      reason: 'score',
      created: NOW,
      expires: NOW + 60,
    } as const;
    world.tables.table(REVOCATIONS).set(session, itemOf(automatic) as never);
    await revoke();
    expect(row(world, session)).toMatchObject({ type: { S: 'manual' }, expires: { N: String(NOW + 7320) } });
  });

  it('lifts a revocation, and then the session plays on', async () => {
    const { world, session, revoke, refresh } = await running('services');
    const path = `/sessions/${session}/revocation`;
    const none = await world.ask('DELETE', path);
    expect([none.status, none.problem]).toEqual([404, 'revocation-not-found']);
    await revoke();
    for (let i = 0; i < 2; i++) expect((await world.ask('DELETE', path)).body).toEqual({ session, state: 'lifted' });
    expect(row(world, session)).toMatchObject({ state: { S: 'lifted' } });
    expect((await refresh()).status).toBe(200);
  });

  it('is refused for a row that somebody has broken', async () => {
    const { world, session, refresh } = await running('services');
    world.tables.table(REVOCATIONS).set(session, { id: { S: session }, state: { S: 'odd' } });
    expect((await refresh()).problem).toBe('session-revoked');
  });

  it('is told to come again when the table does not answer', async () => {
    const weather = {
      before: ({ operation }: { operation: string }) => (operation === 'GetItem' ? fail() : undefined),
    };
    const world = await apiWorld({ weather });
    const answer = await world.ask('POST', '/playback/trailer', { body: PLAYBACK });
    expect([answer.status, answer.problem, answer.headers['retry-after']]).toEqual([
      503,
      'temporarily-unavailable',
      '5',
    ]);
    expect(answer.body).not.toHaveProperty('detail');
  });
});

function fail(): never {
  throw new AwsError('ProvisionedThroughputExceededException', 'secret detail');
}
