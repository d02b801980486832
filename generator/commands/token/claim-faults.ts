/** Says which claim is not as the edge demands; `readClaims`, by which the edge decides, says only that one is not. */
import { readClaims } from '../../../runtime/token/claim-text.ts';
import { longestPrefix } from '../../../runtime/token/lists.ts';

type Claims = Record<string, unknown>;

/** What a value must be, or `undefined` when it is that. */
type Check = (value: unknown, claims: Claims) => string | undefined;

/** What no text in a claim known to the edge has: quotes, backslashes, control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /["\\\0-\x1f]/;
const isTime = (value: unknown): boolean =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 1e15;
const isText = (value: unknown): value is string => typeof value === 'string' && !UNFIT.test(value);
const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((item) => isText(item) && item !== '');
const isPrefixes = (value: unknown): value is string[] =>
  isTexts(value) && value.every((item) => item.startsWith('/') && item.endsWith('/'));

const must = (holds: boolean, what: string): string | undefined => (holds ? undefined : what);
const time: Check = (value) => must(isTime(value), 'a whole number of seconds since 1970');
const texts: Check = (value) =>
  must(isTexts(value), 'a list of one or more texts without quotes, backslashes and control characters');
const flag: Check = (value) => must(typeof value === 'boolean', 'true or false');
const prefixes: Check = (value) =>
  must(isPrefixes(value), 'a list of one or more prefixes, each starting and ending with "/"');

const network: Check = (value, { ip_ver: family }) => {
  const [least, most] = family === 6 ? [32, 128] : [16, 32];
  return must(
    isTime(value) && (value as number) >= least && (value as number) <= most,
    `a prefix length of ${least} to ${most}`,
  );
};

/** In the order of the specification. */
const CHECKS: Readonly<Record<string, Check>> = {
  iat: time,
  exp: (value, claims) =>
    time(value, claims) ?? must(!isTime(claims.iat) || (claims.iat as number) < (value as number), 'after "iat"'),
  nbf: time,
  aud: (value) => must(isText(value) || isTexts(value), 'a text or a list of texts'),
  paths: prefixes,
  exc: (value, claims) =>
    prefixes(value, claims) ??
    must(
      !isPrefixes(claims.paths) || claims.paths.every((path) => longestPrefix(path, value as string[]) === 0),
      'prefixes that neither equal nor contain one of "paths"',
    ),
  ssn: (value) => must(typeof value === 'string' && /^[\w-]+$/.test(value), 'a text of A-Za-z0-9_-'),
  co: texts,
  reg: texts,
  cty: (value, claims) => texts(value, claims) ?? must(claims.co !== undefined, 'together with "co"'),
  co_fallback: flag,
  reg_fallback: flag,
  cty_fallback: flag,
  ip: network,
  ip_ver: (value, { ip }) => must(value === 4 || value === 6, '4 or 6') ?? must(ip !== undefined, 'together with "ip"'),
  headers: texts,
  qs: texts,
};

const REQUIRED = ['iat', 'exp', 'aud', 'paths'];

/** Sentences about claims of a wrong type, and about a session that is not the one in front of the token. */
export function claimFaults(value: unknown, session: string | undefined): string[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['The payload is no JSON object.'];
  const claims = value as Claims;
  const found: string[] = [];
  for (const name of REQUIRED) if (claims[name] === undefined) found.push(`The claim "${name}" is missing.`);
  for (const [name, check] of Object.entries(CHECKS)) {
    const expected = claims[name] === undefined ? undefined : check(claims[name], claims);
    if (expected !== undefined) found.push(`The claim "${name}" must be ${expected}.`);
  }
  if (claims.ip !== undefined && claims.ip_ver === undefined) found.push('The claim "ip" needs "ip_ver".');
  const binds = claims.ip !== undefined || claims.headers !== undefined || claims.qs !== undefined;
  if (binds && !isText(claims.intsig)) found.push('The token binds attributes, and "intsig" is missing or no text.');
  if (!binds && claims.intsig !== undefined) found.push('The token has "intsig" and binds nothing.');
  if (found.length === 0 && readClaims(JSON.stringify(claims)) === null)
    found.push('The edge does not take these claims.');
  if (claims.ssn !== session && (claims.ssn === undefined || typeof claims.ssn === 'string'))
    found.push(
      session === undefined
        ? 'The claim "ssn" names a session, and none stands in front of the token.'
        : claims.ssn === undefined
          ? 'A session stands in front of the token, and the claim "ssn" is missing.'
          : 'The session in front of the token is not that of the claim "ssn".',
    );
  return found;
}
