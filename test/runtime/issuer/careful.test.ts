/**
 * What a caller without TypeScript may get wrong. Nothing of it may lead to a token that is weaker than was meant, nor to an
 * error without a code.
 */
import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import {
  createIssuer,
  customKey,
  fixedKey,
  IssueError,
  type IssueRequest,
  type IssuerOptions,
  secretsManagerKey,
  toIssuerKey,
} from '../../../runtime/issuer/index.ts';
import { AUD, environment, HOST, issuer, NOW, record, VIEWER } from './world.ts';

const at = (path: string): string => `https://${HOST}${path}`;
const PLAIN = { policy: 'plain', url: at('/plain/a') };
const invalid = expect.objectContaining({ name: 'IssueError', code: 'configuration_invalid' }) as unknown;
const make = (more: object): unknown =>
  createIssuer({ keys: fixedKey(record), audience: AUD, policies: environment.policies, ...more });
const codeOf = (made: ReturnType<typeof createIssuer>, request: object): Promise<string> =>
  made.issue(request as IssueRequest).then(
    () => 'issued',
    (error: unknown) => (error instanceof IssueError ? error.code : `${error}`),
  );

describe('an issuer is not made of', () => {
  it.each([
    ['no options', undefined],
    ['no policies', { policies: undefined }],
    ['policies that are none', { policies: { a: null } }],
    ['streams that are null', { streams: null }],
    ['a domain that is null', { domains: { a: null } }],
    ['no key source', { keys: undefined }],
    ['a record instead of a key source', { keys: record }],
    ['an audience without a slash', { audience: 'acme' }],
    ['an audience that is a list', { audience: [AUD] }],
    ['a clock that is a number', { now: NOW }],
    ['a listener that is none', { onWarning: true }],
    ['a revocation check that is a list', { isRevoked: ['x'] }],
    ['a codec that is a name', { codec: 'jwt' }],
  ])('%s', (_name, more) => {
    expect(() => (more === undefined ? createIssuer(more as never) : make(more))).toThrow(invalid);
  });

  const policy = { lifetime: 60, session: true };
  it.each<[name: string, policy: object, named: string]>([
    ['a misspelt member', { ...policy, contries: ['FR'] }, 'contries'],
    ['a misspelt binding', { ...policy, bind: { ips: { v4: 24 } } }, 'bind.ips'],
    ['a misspelt family', { ...policy, bind: { ip: { ipv4: 24 } } }, 'bind.ip.ipv4'],
    ['a lifetime as in config.yaml', { ...policy, lifetime: '4h' }, 'lifetime'],
    ['a session that is a text', { ...policy, session: 'no' }, 'session'],
    ['countries that are a text', { ...policy, countries: 'FR' }, 'countries'],
    ['a country in lower case', { ...policy, countries: ['fr'] }, 'countries'],
    ['a region without its country', { ...policy, regions: ['IDF'] }, 'regions'],
    ['a city that is empty', { ...policy, countries: ['FR'], cities: [''] }, 'cities'],
    ['a city as CloudFront does not write it', { ...policy, countries: ['CH'], cities: ['Z\u00fcrich'] }, 'cities'],
    ['an unknown fallback', { ...policy, countries: ['FR'], fallback: ['country'] }, 'fallback'],
    ['headers that are a text', { ...policy, bind: { headers: 'user-agent' } }, 'bind.headers'],
    ['a header with a space', { ...policy, bind: { headers: ['user agent'] } }, 'bind.headers'],
    ['a header that no function sees', { ...policy, bind: { headers: ['Cookie'] } }, 'bind.headers'],
    ['a header that is ours', { ...policy, bind: { headers: ['x-edgepass-reason'] } }, 'bind.headers'],
    ['a parameter with two spellings', { ...policy, bind: { query: ['a%20b'] } }, 'bind.query'],
    ['a width that is a text', { ...policy, bind: { ip: { v4: '24' } } }, 'bind.ip.v4'],
    ['a width that IPv6 does not have', { ...policy, bind: { ip: { v6: 24 } } }, 'bind.ip.v6'],
  ])('a policy with %s', (_name, bad, named) => {
    expect(() => make({ policies: { a: bad } })).toThrow(invalid);
    expect(() => make({ policies: { a: bad } })).toThrow(`"${named}"`);
  });

  const stream = { paths: ['/a/'], policy: 'plain' };
  it.each<[name: string, stream: object | null, named: string]>([
    ['nothing in it', null, 's'],
    ['a misspelt member', { ...stream, maxlifetime: 60 }, 'maxlifetime'],
    ['a lifetime as in config.yaml', { ...stream, maxLifetime: '1h' }, 'maxLifetime'],
    ['paths that are a text', { ...stream, paths: '/a/' }, 'paths'],
    ['no paths', { ...stream, paths: [] }, 'paths'],
    ['exceptions that are a text', { ...stream, exclude: '/b/' }, 'exclude'],
    ['hosts that are a text', { ...stream, hosts: HOST }, 'hosts'],
    ['an unknown mode', { ...stream, mode: 'on' }, 'mode'],
    ['an unknown carriage', { ...stream, carriage: { in: 'body' } }, 'carriage.in'],
    ['a carriage that is a text', { ...stream, carriage: 'query' }, 'carriage'],
    ['a name that no cookie can have', { ...stream, carriage: { in: 'cookie', name: 'a b' } }, 'carriage.name'],
    ['a name that every object has', { ...stream, carriage: { in: 'cookie', name: 'constructor' } }, 'carriage.name'],
  ])('a stream with %s', (_name, bad, named) => {
    expect(() => make({ streams: { s: bad } })).toThrow(invalid);
    expect(() => make({ streams: { s: bad } })).toThrow(`"${named}"`);
  });
});

describe('what is left out', () => {
  it('has the defaults of config.yaml: a session, and the token’s own name', async () => {
    const policies = { short: { lifetime: 60 } };
    const streams = {
      a: { paths: ['/a/'], policy: 'short' },
      b: { paths: ['/b/'], policy: 'short', carriage: { in: 'query' as const } },
    };
    const made = createIssuer({ keys: fixedKey(record), audience: AUD, policies, streams, now: () => NOW * 1000 });
    const issued = await made.issue({ policy: 'short', url: at('/b/c') });
    expect(issued.session).toMatch(/^[\w-]{22}$/);
    expect(issued.url).toBe(at(`/b/c?edgepass-token=${issued.token}`));
    expect((await made.issue({ policy: 'short', url: at('/a/c') })).url).toMatch(/\/[\w-]{22}\.eyJ/);
  });
});

describe('settings', () => {
  it('are those of the construction, whatever becomes of the objects', async () => {
    const policies = structuredClone(environment.policies);
    const made = createIssuer({ keys: fixedKey(record), audience: AUD, policies, now: () => NOW * 1000 });
    const before = await made.issue({ policy: 'all', url: at('/x/a'), viewer: VIEWER, session: 's'.repeat(16) });
    policies.all?.countries?.push('US');
    delete policies.all?.bind;
    expect(await made.issue({ policy: 'all', url: at('/x/a'), viewer: VIEWER, session: 's'.repeat(16) })).toEqual(
      before,
    );
  });
});

describe('a request', () => {
  it.each<[name: string, request: unknown, code: string]>([
    ['that is none', undefined, 'request_invalid'],
    ['that is null', null, 'request_invalid'],
    ['with a misspelt member', { ...PLAIN, lifetime: 5 }, 'request_invalid'],
    ['with a misspelt place', { ...PLAIN, geography: { country: ['FR'] } }, 'request_invalid'],
    ['with a subject that is a number', { ...PLAIN, subject: 7 }, 'request_invalid'],
    ['with an empty subject', { ...PLAIN, subject: '' }, 'request_invalid'],
    ['with a context that the edge would have to parse', { ...PLAIN, context: 'a"b' }, 'request_invalid'],
    ['with a context that is no text', { ...PLAIN, context: 1 }, 'request_invalid'],
    ['with a context that is too long', { ...PLAIN, context: 'c'.repeat(201) }, 'request_invalid'],
    ['with one domain that is no list', { ...PLAIN, domains: 'media' }, 'request_invalid'],
    ['with domains that are null', { ...PLAIN, domains: null }, 'request_invalid'],
    ['with places that are null', { ...PLAIN, geography: null }, 'request_invalid'],
    ['with places that are a list', { ...PLAIN, geography: ['FR'] }, 'request_invalid'],
    ['with a country in lower case', { ...PLAIN, geography: { countries: ['fr'] } }, 'geography_not_allowed'],
    ['with a viewer that is null', { ...PLAIN, viewer: null }, 'issued'],
    ['with a session that is null', { ...PLAIN, session: null }, 'session_invalid'],
  ])('%s: %s', async (_name, request, code) => {
    expect(await codeOf(issuer(), request as object)).toBe(code);
  });

  it('from a viewer of whom nothing is known in a database', async () => {
    const viewer = { ...VIEWER, country: null, region: null, city: null };
    expect(await codeOf(issuer(), { policy: 'all', url: at('/all/a'), viewer })).toBe('issued');
  });
});

describe('a key source', () => {
  const sourced = (current: () => unknown): ReturnType<typeof createIssuer> =>
    issuer({ keys: { current } as IssuerOptions['keys'] });
  const key = toIssuerKey(record);
  it.each<[name: string, answer: () => unknown]>([
    ['gives nothing', () => undefined],
    ['gives nothing later', () => Promise.resolve(null)],
    ['gives a record instead of a key', () => record],
    ['gives a key that is too short', () => ({ ...key, sign: createSecretKey(Buffer.alloc(16, 1)) })],
    ['gives one key for both', () => ({ ...key, bind: key.sign })],
    ['gives a key without an end', () => ({ ...key, signUntil: undefined })],
    ['gives a key from no time on', () => ({ ...key, signFrom: Number.NaN })],
    ['throws', () => JSON.parse('{')],
    ['rejects', () => Promise.reject(new Error('locked'))],
  ])('that %s', async (_name, answer) => {
    expect(await codeOf(sourced(answer), PLAIN)).toBe('key_unavailable');
  });

  it('passes on its own error as the cause, and a coded one as it is', async () => {
    const own = sourced(() => Promise.reject(new Error('locked')));
    await expect(own.issue(PLAIN)).rejects.toMatchObject({ cause: { message: 'locked' } });
    const coded = sourced(() => {
      throw new IssueError('key_expired', 'over');
    });
    expect(await codeOf(coded, PLAIN)).toBe('key_expired');
  });

  it.each([Number.NaN, undefined, Number.POSITIVE_INFINITY])('does not sign at %s', async (time) => {
    expect(await codeOf(issuer({ now: () => time as number }), PLAIN)).toBe('configuration_invalid');
  });

  it('is not made of nothing', () => {
    for (const nothing of [undefined, null, {}, { secretId: '' }, { secretId: 7 }])
      expect(() => secretsManagerKey(nothing as never)).toThrow(invalid);
    expect(() => customKey(record as never)).toThrow(invalid);
  });
});

describe('a revocation check', () => {
  it.each<[name: string, answer: () => unknown, code: string]>([
    ['says no', () => false, 'issued'],
    ['says yes', () => true, 'session_revoked'],
    ['forgets to answer', () => undefined, 'revocation_unknown'],
    ['gives a row', () => Promise.resolve({}), 'revocation_unknown'],
    ['throws', () => JSON.parse('{'), 'revocation_unknown'],
    ['rejects', () => Promise.reject(new Error('throttled')), 'revocation_unknown'],
  ])('that %s', async (_name, answer, code) => {
    const made = issuer({ isRevoked: answer as () => boolean });
    expect(await codeOf(made, { ...PLAIN, session: 's'.repeat(16) })).toBe(code);
  });
});
