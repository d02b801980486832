import type { Claims } from '../token/claims.ts';
import { type Finding, passed, refused } from './steps.ts';

/** Times have at most 15 digits: exact in a double, with room to spare. */
const LARGEST = 1e15;
/** What no text in a claim known to us has a use for: quotes, backslashes, control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const UNFIT = /["\\\0-\x1f]/;

type Test = (value: unknown) => boolean;

const isInteger: Test = (value) => Number.isInteger(value) && (value as number) >= 0 && (value as number) < LARGEST;
const isString: Test = (value) => typeof value === 'string' && !UNFIT.test(value);
const isBoolean: Test = (value) => typeof value === 'boolean';
const isName: Test = (value) => isString(value) && value !== '';
const isPrefix: Test = (value) => isString(value) && /^\/(?:.*\/)?$/s.test(value as string);
const isNames: Test = (value) => Array.isArray(value) && value.length > 0 && value.every(isName);
const isPrefixes: Test = (value) => Array.isArray(value) && value.length > 0 && value.every(isPrefix);

/** Every claim that is known, with its type and the words for it. `null` is of none of them. */
const TYPES: Record<keyof Claims, [Test, string]> = {
  iat: [isInteger, 'a whole number of seconds'],
  exp: [isInteger, 'a whole number of seconds'],
  nbf: [isInteger, 'a whole number of seconds'],
  aud: [(value) => isString(value) || isNames(value), 'a string or a list of strings'],
  paths: [isPrefixes, 'a list of prefixes that begin and end with "/"'],
  exc: [isPrefixes, 'a list of prefixes that begin and end with "/"'],
  ssn: [isString, 'a string'],
  co: [isNames, 'a list of names'],
  reg: [isNames, 'a list of names'],
  cty: [isNames, 'a list of names'],
  co_fallback: [isBoolean, 'true or false'],
  reg_fallback: [isBoolean, 'true or false'],
  cty_fallback: [isBoolean, 'true or false'],
  ip: [isInteger, 'a prefix length'],
  ip_ver: [(value) => value === 4 || value === 6, '4 or 6'],
  headers: [isNames, 'a list of names'],
  qs: [isNames, 'a list of names'],
  intsig: [isString, 'a string'],
};
const REQUIRED = ['iat', 'exp', 'aud', 'paths'] as const;
const WIDTHS = { 4: [16, 32], 6: [32, 128] } as const;

/** What is wrong between claims that are each of their type; `''` when nothing is. */
function disagreement(claims: Claims): string {
  const { iat, exp, paths, exc, co, cty, ip, ip_ver, headers, qs, intsig } = claims;
  if (iat >= exp) return '"exp" is not after "iat"';
  if (exc?.some((exception) => paths.some((path) => path.startsWith(exception)))) {
    return 'a prefix of "exc" equals or contains one of "paths"';
  }
  if (cty !== undefined && co === undefined) return '"cty" is there without "co"';
  if ((ip === undefined) !== (ip_ver === undefined)) return 'one of "ip" and "ip_ver" is there without the other';
  if (ip !== undefined && ip_ver !== undefined) {
    const [least, most] = WIDTHS[ip_ver];
    if (ip < least || ip > most) return `"ip" is not ${least} to ${most}`;
  }
  const isBound = ip !== undefined || headers !== undefined || qs !== undefined;
  if (isBound && intsig === undefined) return 'something is bound, and "intsig" is missing';
  return !isBound && intsig !== undefined ? '"intsig" is there, and nothing is bound' : '';
}

function fault(value: unknown): string {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'they are no JSON object';
  const members = new Map<string, unknown>(Object.entries(value));
  for (const claim of REQUIRED) if (!members.has(claim)) return `"${claim}" is missing`;
  for (const [claim, [isType, words]] of Object.entries(TYPES)) {
    if (members.has(claim) && !isType(members.get(claim))) return `"${claim}" is not ${words}`;
  }
  return disagreement(value as Claims);
}

/** Step 8: the type of every claim known to us, and whether they fit each other. Others are not looked at. */
export function checkTypes(value: unknown): [Finding, Claims | undefined] {
  const what = fault(value);
  if (what !== '') return [refused('token_malformed', `Claims: ${what}.`), undefined];
  return [passed('Every claim has its type.'), value as Claims];
}
