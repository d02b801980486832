import type { EdgeStream } from '../base/edge-settings.ts';
import { type Bound, collectBound, signBound } from './bind-viewer.ts';
import { isObject, PLACES } from './check-settings.ts';
import { checkWhereabouts, choosePlaces, type Places } from './choose-places.ts';
import type { IssuedClaims } from './claims-text.ts';
import { jwt, type TokenCodec } from './codec.ts';
import { checkHost, deliver, readDomains } from './delivery.ts';
import { type IssuerPolicy, type IssuerStream, readDeployment } from './deployment.ts';
import { findWarnings, type IssuerWarning, tabulateUnmet, unmet, withFamily } from './floor.ts';
import { IssueError, refuse } from './issue-error.ts';
import type { Issued, IssueRequest } from './issue-types.ts';
import { checkKey, checkWindow, type IssuerKey, type KeySource } from './key-source.ts';
import { type Asset, locateAsset } from './locate-asset.ts';
import { checkSession, newSession } from './session-id.ts';
import { splitUrl } from './split-url.ts';

export interface IssuerOptions {
  keys: KeySource;
  /** By name, as in config.yaml, durations in seconds. */
  policies: Readonly<Record<string, IssuerPolicy>>;
  /** `<project>/<environment>`. */
  audience: string;
  /** By name. Without them only the policies limit a token, and it is carried in the path. */
  streams?: Readonly<Record<string, IssuerStream>>;
  /** Delivery domains by name. With them, a URL on any other host is refused. */
  domains?: Readonly<Record<string, { host: string }>>;
  /**
   * Whether a given session is revoked: true or false, read consistently. Not asked about ids that are made here. What it throws
   * becomes the `cause` of `revocation_unknown`.
   */
  isRevoked?: (session: string) => boolean | Promise<boolean>;
  /** Called at construction, once for each warning. */
  onWarning?: (warning: IssuerWarning) => void;
  /** Milliseconds since 1970; default `Date.now`. */
  now?: () => number;
  /** Form of the token; default: JWT. */
  codec?: TokenCodec;
}

export interface Issuer {
  /**
   * Issues a token. Rejects with an `IssueError`; what it rejects for a request the edge would refuse as well, or nobody could
   * play it.
   */
  issue(request: IssueRequest): Promise<Issued>;
  /** Policies that are too weak for a stream. Their tokens are refused here too, when it comes to it. */
  readonly warnings: readonly IssuerWarning[];
}

/** What a request leads to before time and key are known. */
interface Draft {
  asset: Asset;
  lifetime: number;
  session: string | undefined;
  places: Places;
  bound: Bound | undefined;
  policy: EdgeStream;
}

interface Signing {
  key: IssuerKey;
  iat: number;
  subject: string | undefined;
  context: string | undefined;
}

function checkLifetime(lifetime: number, { max }: EdgeStream): void {
  if (!Number.isSafeInteger(lifetime) || lifetime < 1)
    refuse('lifetime_invalid', 'The lifetime must be a whole number of seconds of at least 1.');
  if (lifetime > max) refuse('lifetime_too_long', `The lifetime is over the maximum of the stream, ${max} s.`);
}

/** Claims without `intsig` and `sub`; in which order they are written is the codec's business. */
function claimsOf(draft: Draft, audience: string, iat: number): IssuedClaims & { aud: string } {
  const { asset, session, places, bound, policy } = draft;
  const claims: IssuedClaims & { aud: string } = { iat, exp: iat + draft.lifetime, aud: audience, paths: asset.paths };
  if (asset.exclude.length > 0) claims.exc = asset.exclude;
  if (session !== undefined) claims.ssn = session;
  for (const claim of ['co', 'reg', 'cty'] as const) {
    const list = places[claim];
    if (list === undefined) continue;
    claims[claim] = list;
    if (places.fallback?.includes(claim)) claims[`${claim}_fallback`] = true;
  }
  if (bound?.ip !== undefined) {
    claims.ip = bound.ip;
    claims.ip_ver = bound.family as 4 | 6;
  }
  if (policy.headers !== undefined) claims.headers = policy.headers;
  if (policy.qs !== undefined) claims.qs = policy.qs;
  return claims;
}

/** What the edge reads past without taking claims apart. */
const CONTEXT = /^[ !#-[\]-~]{1,200}$/;

/** Every member of a request. One by another name is a misspelt one, and what it was to narrow would stay wide. */
const REQUEST: Readonly<Record<keyof IssueRequest, true>> = {
  policy: true,
  url: true,
  viewer: true,
  session: true,
  ttl: true,
  paths: true,
  exclude: true,
  geography: true,
  subject: true,
  context: true,
  domains: true,
};

/** Throws `request_invalid` for a member that nothing would read. */
function checkNames(given: object, known: object, inside: string): void {
  for (const name in given)
    if (!Object.hasOwn(known, name)) refuse('request_invalid', `\`${inside}${name}\` is not known.`);
}

/** Throws `configuration_invalid` for what a caller without TypeScript may get wrong; settings are checked where they are read. */
function checkOptions(options: unknown): void {
  if (!isObject(options)) refuse('configuration_invalid', '`createIssuer` needs an object with options.');
  const { keys, audience, isRevoked, onWarning, now, codec, domains } = options as Record<string, unknown>;
  if (!isObject(keys) || typeof (keys as KeySource).current !== 'function')
    refuse('configuration_invalid', '`keys` must be a key source: `fixedKey`, `secretsManagerKey` or `customKey`.');
  if (typeof audience !== 'string' || !/^[\w.-]+\/[\w.-]+$/.test(audience))
    refuse('configuration_invalid', '`audience` must be "<project>/<environment>".');
  for (const [name, value] of Object.entries({ isRevoked, onWarning, now }))
    if (value !== undefined && typeof value !== 'function')
      refuse('configuration_invalid', `\`${name}\` must be a function.`);
  if (codec !== undefined && typeof (codec as TokenCodec | null)?.encode !== 'function')
    refuse('configuration_invalid', '`codec` must be a codec, such as `jwt`.');
  if (domains !== undefined && !isObject(domains))
    refuse('configuration_invalid', '`domains` must be an object, by name.');
}

/**
 * Makes an issuer of playback URLs. Throws `configuration_invalid`. Everything is read once: an issuer for other policies is
 * another issuer.
 *
 * ```ts
 * const issuer = createIssuer({
 *   audience: 'acme-video/prod',
 *   keys: secretsManagerKey({ secretId: process.env.ISSUER_RECORD }),
 *   policies: { subscriber: { lifetime: 14_400, countries: ['FR'], bind: { ip: { v4: 24, v6: 56 } } } },
 *   streams: { live: { paths: ['/live/'], policy: 'subscriber' } },
 *   domains: { main: { host: 'media.example.com' } },
 *   onWarning: ({ message }) => log.warn(message),
 * });
 * try {
 *   const asset = 'https://media.example.com/live/ch1/index.m3u8';
 *   const { url, session, expires } = await issuer.issue({ policy: 'subscriber', url: asset, viewer: { ip } });
 * } catch (error) {
 *   if (error instanceof IssueError && error.code === 'geo_not_allowed') …
 * }
 * ```
 */
export function createIssuer(options: IssuerOptions): Issuer {
  checkOptions(options);
  const { keys, audience, isRevoked, now = Date.now, codec = jwt } = options;
  const deployment = readDeployment(options.policies, options.streams);
  const domains = readDomains(options.domains ?? {});
  const owners = new Map(Object.entries(options.streams ?? {}).map(([name, stream]) => [name, stream.policy]));
  const warnings = findWarnings(deployment, owners);
  if (options.onWarning !== undefined) for (const warning of warnings) options.onWarning(warning);
  const floors = tabulateUnmet(deployment);
  const seconds = (): number => {
    const time = Math.floor(now() / 1000);
    return Number.isSafeInteger(time)
      ? time
      : refuse('configuration_invalid', '`now` must give milliseconds since 1970.');
  };

  function draft(request: IssueRequest): Draft & { url: ReturnType<typeof splitUrl> } {
    if (!isObject(request)) return refuse('request_invalid', 'A request must be an object.');
    checkNames(request, REQUEST, '');
    if (isObject(request.geography)) checkNames(request.geography, PLACES, 'geography.');
    if (request.subject !== undefined && (typeof request.subject !== 'string' || request.subject === ''))
      refuse('request_invalid', '`subject` must be a text.');
    if (request.context !== undefined && !(typeof request.context === 'string' && CONTEXT.test(request.context)))
      refuse('request_invalid', '`context` must be 1 to 200 characters of ASCII without `"` and `\\`.');
    const policy = deployment.policies.get(request.policy);
    if (policy === undefined) return refuse('policy_unknown', 'This issuer has no policy of that name.');
    const url = splitUrl(request.url);
    checkHost(domains, url.host);
    const asset = locateAsset(deployment, request, { url, policy });
    const lifetime = request.ttl ?? policy.max;
    checkLifetime(lifetime, asset.stream);
    const given = request.session === undefined ? undefined : checkSession(request.session);
    const places = choosePlaces(policy, request.geography);
    const viewer = request.viewer ?? {};
    checkWhereabouts(places, viewer);
    const bound = collectBound(policy, viewer, url.query);
    const session = given ?? (policy.ssn ? newSession() : undefined);
    if (!deployment.open) checkFloor({ asset, lifetime, session, places, bound, policy });
    return { asset, lifetime, session, places, bound, policy, url };
  }

  /** Throws `policy_not_met` where the token would not reach the stream's floor. */
  function checkFloor({ asset: { stream }, session, places, bound, policy }: Draft): void {
    if (stream.ssn && session === undefined) refuse('policy_not_met', `Stream "${stream.name}" demands a session.`);
    const family = bound?.family ?? 0;
    const { headers, qs, ip } = policy;
    const demands =
      places === policy
        ? (floors.get(policy)?.get(stream)?.[family] ?? [])
        : unmet(
            withFamily({ ...places, ...(headers && { headers }), ...(qs && { qs }), ...(ip && { ip }) }, family),
            stream,
            deployment.flags,
          );
    if (demands.length > 0)
      refuse('policy_not_met', `The policy is weaker than stream "${stream.name}" demands: ${demands.join(', ')}.`);
  }

  /** Throws `session_revoked`, or `revocation_unknown`: a session about which nothing is known may be revoked. */
  async function checkRevocation(session: string, ask: NonNullable<IssuerOptions['isRevoked']>): Promise<void> {
    let revoked: unknown;
    try {
      revoked = await ask(session);
    } catch (cause) {
      throw new IssueError('revocation_unknown', 'Whether the session is revoked could not be found out.', { cause });
    }
    if (revoked === true) refuse('session_revoked', 'The session is revoked: only a new one plays again.');
    if (revoked !== false) refuse('revocation_unknown', '`isRevoked` must answer true or false.');
  }

  let checked: IssuerKey | undefined;

  /** Signs what was drafted. Throws `key_…`, `audience_mismatch`, `token_too_long`. */
  function sign(made: Draft, { key, iat, subject, context }: Signing): { token: string; expires: number } {
    if (!key || key !== checked) {
      checkKey(key);
      checked = key;
    }
    checkWindow(key, iat);
    if (key.audience !== audience)
      refuse('audience_mismatch', `The key is for audience "${key.audience}", and the issuer for "${audience}".`);
    const claims = claimsOf(made, audience, iat);
    if (subject !== undefined) claims.sub = subject;
    if (context !== undefined) claims.ctx = context;
    if (made.bound !== undefined) claims.intsig = signBound(claims, made.bound, key.bind);
    const token = codec.encode(claims, key);
    if (token.length > codec.maxLength)
      refuse(
        'token_too_long',
        `The token has ${token.length} characters, and the edge reads ${codec.maxLength}: use fewer or shorter prefixes.`,
      );
    return { token, expires: claims.exp };
  }

  return {
    warnings,
    async issue(request) {
      const made = draft(request);
      const { session, url, asset } = made;
      if (request.session !== undefined && isRevoked !== undefined) await checkRevocation(request.session, isRevoked);
      let iat = seconds();
      let key: IssuerKey;
      try {
        const answer = keys.current(iat);
        // Most sources answer from memory, and a wait costs as much as a claim.
        if (answer && 'then' in answer) {
          key = await answer;
          // It is later now, maybe by seconds.
          iat = seconds();
        } else key = answer;
      } catch (cause) {
        if (cause instanceof IssueError) throw cause;
        throw new IssueError('key_unavailable', 'The key source failed.', { cause });
      }
      const { token, expires } = sign(made, { key, iat, subject: request.subject, context: request.context });
      const delivery = { deployment, domains, wanted: request.domains, url, stream: asset.stream, token };
      return deliver(delivery, { expires, session });
    },
  };
}
