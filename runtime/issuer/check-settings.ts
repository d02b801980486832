/**
 * The form of policies and streams. An issuer in a CMS gets them from a file or a database, where no compiler looks: a misspelt or
 * mistyped member must not lead to tokens that are weaker than was meant, or that no edge accepts. The forms are those of
 * `schema/core.schema.json`, with durations in seconds.
 */
import { refuse } from './issue-error.ts';

/** Says what a value must be, or `''` when it is that. */
type Check = (value: unknown) => string;

/** Members by name, with their check or members of their own; a `!` behind the name: must be there. */
interface Members {
  readonly [name: string]: Check | Members;
}

const seconds: Check = (value) =>
  Number.isSafeInteger(value) && (value as number) > 0 ? '' : 'a whole number of seconds above zero';

const flag: Check = (value) => (typeof value === 'boolean' ? '' : 'true or false');

const text = (form: RegExp, what: string): Check => {
  return (value) => (typeof value === 'string' && form.test(value) ? '' : what);
};

const width = (least: number, most: number): Check => {
  return (value) =>
    Number.isInteger(value) && (value as number) >= least && (value as number) <= most
      ? ''
      : `a prefix length from ${least} to ${most}`;
};

const listOf = (form: RegExp, what: string): Check => {
  const isItem = text(form, what);
  return (value) => (Array.isArray(value) && value.every((item) => isItem(item) === '') ? '' : `a list of ${what}`);
};

/** Forms of places, by the policy's word for them. Geography headers have no other. */
export const PLACES = {
  countries: listOf(/^[A-Z]{2}$/, 'country codes like "FR"'),
  regions: listOf(/^[A-Z]{2}-[A-Z0-9]{1,3}$/, 'region codes like "FR-IDF"'),
  // What is not ASCII arrives percent-encoded, and is compared as it arrives.
  cities: listOf(/^[\x20-\x7e]{1,100}$/, 'city names as CloudFront writes them, in ASCII'),
} as const;

/** Header names but those that a function never sees as such, or that are ours. */
const BINDABLE =
  /^(?!(?:cookie|host|authorization|content-length|transfer-encoding|via|connection|cdn-loop|x-edgepass-.*)$)[a-z0-9][a-z0-9-]{0,63}$/i;

/** Names of parameters, cookies and headers but those that the edge's engine finds in every object. */
const FIELD =
  /^(?!(?:__.*|constructor|hasOwnProperty|isPrototypeOf|propertyIsEnumerable|toLocaleString|toString|valueOf)$)[\w-]{1,40}$/;

const POLICY: Members = {
  'lifetime!': seconds,
  session: flag,
  ...PLACES,
  fallback: listOf(/^(?:countries|regions|cities)$/, '"countries", "regions" and "cities"'),
  bind: {
    ip: { v4: width(16, 32), v6: width(32, 128) },
    headers: listOf(BINDABLE, 'names of headers that players send unchanged'),
    query: listOf(/^[\w.~-]{1,64}$/, 'names of query parameters that need no encoding'),
  },
};

const PREFIXES = listOf(/^\//, 'path prefixes that start and end with "/"');

const STREAM: Members = {
  'paths!': (value) => PREFIXES(Array.isArray(value) && value.length === 0 ? undefined : value),
  exclude: PREFIXES,
  hosts: listOf(/./, 'host names'),
  'policy!': text(/./, 'the name of a policy'),
  mode: text(/^(?:enforce|report|off)$/, '"enforce", "report" or "off"'),
  carriage: {
    in: text(/^(?:path|query|cookie|header)$/, '"path", "query", "cookie" or "header"'),
    name: text(FIELD, '1 to 40 characters of A-Z, a-z, 0-9, "_" and "-", and no name that every object has'),
  },
  maxLifetime: seconds,
  origin: text(/./, 'the name of an origin'),
};

interface Place {
  /** `Policy "subscriber"`. */
  owner: string;
  /** Names of the members around, with a dot behind. */
  inside: string;
}

function wrong({ owner, inside }: Place, name: string, expected: string): never {
  return refuse('configuration_invalid', `${owner}: "${inside}${name}" ${expected}.`);
}

function checkMembers(value: object, members: Members, place: Place): void {
  const known = new Map(Object.entries(members).map(([name, check]) => [name.replace('!', ''), check]));
  const given = new Map(Object.entries(value));
  for (const name of Object.keys(members))
    if (name.endsWith('!') && given.get(name.slice(0, -1)) === undefined) wrong(place, name.slice(0, -1), 'is missing');
  for (const [name, member] of given) {
    const check = known.get(name);
    if (check === undefined) wrong(place, name, 'is not known');
    if (member === undefined) continue;
    if (typeof check !== 'function') {
      if (!isObject(member)) wrong(place, name, 'must be an object');
      checkMembers(member, check, { ...place, inside: `${place.inside}${name}.` });
      continue;
    }
    const expected = check(member);
    if (expected !== '') wrong(place, name, `must be ${expected}`);
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws `configuration_invalid` unless these are policies or streams, by name. */
export function checkSettings(kind: 'policies' | 'streams', settings: unknown): void {
  if (!isObject(settings)) refuse('configuration_invalid', `\`${kind}\` must be an object, by name.`);
  const [word, members] = kind === 'policies' ? ['Policy', POLICY] : ['Stream', STREAM];
  for (const [name, value] of Object.entries(settings)) {
    const owner = `${word} "${name}"`;
    if (!isObject(value)) refuse('configuration_invalid', `${owner} must be an object.`);
    checkMembers(value, members as Members, { owner, inside: '' });
  }
}
