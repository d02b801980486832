/**
 * Callers with an access token of an OpenID Connect issuer (RFC 9068, with the advice of RFC 8725): fixed issuer and audience,
 * asymmetric signatures only, and only what is an access token.
 */
import { createHash } from 'node:crypto';
import type { createRemoteJWKSet, JWTPayload, JWTVerifyResult } from 'jose';
import type { Caller } from './api.ts';
import type { ApiEvent } from './event.ts';
import { PERMISSIONS, type Permission } from './operations.ts';
import { RETRY } from './problem-of.ts';
import { Problem } from './problems.ts';

export interface OidcSettings {
  /** Exactly as in the `iss` of its tokens. */
  issuer: string;
  /** Of this API at the issuer. */
  audience: string;
  /**
   * `at+jwt`: tokens say by their type that they are access tokens (RFC 9068). `jwt`: for issuers whose tokens do not; then what
   * has a mark of an ID token is refused.
   */
  tokenType: 'at+jwt' | 'jwt';
  /** Scope by permission. */
  scopes: Readonly<Record<Permission, string>>;
}

export interface OidcOptions extends OidcSettings {
  /** `<project>/<environment>`, so that one viewer has another pseudonym in each deployment. */
  deployment: string;
  /** Header with `Bearer <token>`. */
  header: 'authorization' | 'x-edgepass-authorization';
  now(): number;
}

/** Never HS256, which anybody could make who takes the public key for a secret, and never `none`. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
/** Seconds that clocks may differ. */
const TOLERANCE = 30;
/** Milliseconds to wait for the issuer. */
const PATIENCE = 3_000;
/** Milliseconds: keys are asked for again at most so often when an unknown one turns up, and at least so often anyway. */
const COOLDOWN = 30_000;
const KEPT = 600_000;

/** Claims that stand in ID tokens and not in access tokens. */
const OF_ID_TOKENS = ['nonce', 'at_hash', 'c_hash'];
/** Types that an access token may have where the issuer gives it none of its own; `logout+jwt` and its like are something else. */
const PLAIN = /^(?:application\/)?(?:at\+)?jwt$/i;

export function oidcCaller(options: OidcOptions): (event: ApiEvent) => Promise<Caller> {
  const keys = remoteKeys(options.issuer);
  return async ({ headers }) => {
    const [, token] = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(headers[options.header] ?? '') ?? [];
    if (token === undefined) throw unauthenticated('Bearer');
    return callerOf(await verified(token, { ...options, keys }), options);
  };
}

type Keys = ReturnType<typeof createRemoteJWKSet>;

/** Of a caller that is somebody. */
type Known = JWTPayload & { sub: string };

async function verified(token: string, options: OidcOptions & { keys(): Promise<Keys> }): Promise<Known> {
  const { issuer, audience, tokenType, now, keys } = options;
  // Loaded at the first call, so that functions that need none of it start without.
  const { jwtVerify } = await import('./jose.ts');
  try {
    const result = await jwtVerify(token, await keys(), {
      issuer,
      audience,
      algorithms: ALGORITHMS,
      clockTolerance: TOLERANCE,
      currentDate: new Date(now()),
      requiredClaims: ['exp', 'iat'],
      ...(tokenType === 'at+jwt' ? { typ: 'at+jwt' } : {}),
    });
    const { payload } = result;
    if (!isKnown(payload) || (tokenType === 'jwt' && looksLikeAnother(result)))
      throw unauthenticated('Bearer error="invalid_token"');
    return payload;
  } catch (error) {
    throw isOfProvider(error)
      ? new Problem('identity-provider-unavailable', {}, { cause: error, headers: RETRY })
      : unauthenticated('Bearer error="invalid_token"');
  }
}

/** All with an empty subject would be one viewer, who may revoke the sessions of the others. */
function isKnown(payload: JWTPayload): payload is Known {
  return typeof payload.sub === 'string' && payload.sub !== '';
}

function looksLikeAnother({ payload, protectedHeader: { typ = 'jwt' } }: JWTVerifyResult): boolean {
  return (
    !PLAIN.test(typ) || OF_ID_TOKENS.some((claim) => claim in payload) || (payload.token_use ?? 'access') !== 'access'
  );
}

/** Whether keys could not be had, which says nothing of the token. */
function isOfProvider(error: unknown): boolean {
  if (error instanceof Problem) return false;
  const { code } = error as { code?: unknown };
  const isOfJose = typeof code === 'string' && /^ERR_J/.test(code);
  return !isOfJose || code === 'ERR_JWKS_TIMEOUT' || code === 'ERR_JWKS_INVALID' || code === 'ERR_JOSE_GENERIC';
}

function unauthenticated(challenge: string): Problem {
  return new Problem('unauthenticated', {}, { headers: { 'www-authenticate': challenge } });
}

function callerOf(payload: Known, { scopes, deployment, issuer }: OidcOptions): Caller {
  const held = scopesOf(payload);
  const client = payload.client_id ?? payload.azp ?? '';
  return {
    id: JSON.stringify([client, payload.sub]),
    subject: pseudonym([deployment, issuer, payload.sub]),
    permissions: new Set(PERMISSIONS.filter((permission) => held.has(scopes[permission]))),
  };
}

/** `scope` is one text (RFC 9068); some issuers write a list, or call it `scp`. */
function scopesOf({ scope, scp }: JWTPayload): ReadonlySet<string> {
  const texts = [scope, scp].flat().filter((text) => typeof text === 'string');
  return new Set(texts.flatMap((text) => text.split(' ')));
}

/** Everybody who sees a playback URL can read its `sub`; this leads back to a person only where the issuer's subjects are known. */
function pseudonym(parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 22);
}

/** The issuer's keys, found by its metadata (OpenID Connect Discovery) at the first call; what fails is tried again. */
function remoteKeys(issuer: string): () => Promise<Keys> {
  let keys: Promise<Keys> | undefined;
  return async () => {
    keys ??= discover(issuer);
    try {
      return await keys;
    } catch (error) {
      keys = undefined;
      throw error;
    }
  };
}

async function discover(issuer: string): Promise<Keys> {
  const answer = await fetch(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, {
    redirect: 'error',
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(`The issuer answered ${answer.status}.`);
  const metadata = (await answer.json()) as { issuer?: unknown; jwks_uri?: unknown };
  if (metadata.issuer !== issuer || typeof metadata.jwks_uri !== 'string')
    throw new Error('The metadata of the issuer are those of another one.');
  const uri = new URL(metadata.jwks_uri);
  if (uri.protocol !== 'https:' && !issuer.startsWith('http:'))
    throw new Error('The keys of the issuer are not behind TLS.');
  const { createRemoteJWKSet } = await import('./jose.ts');
  return createRemoteJWKSet(uri, { timeoutDuration: PATIENCE, cooldownDuration: COOLDOWN, cacheMaxAge: KEPT });
}
