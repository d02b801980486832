// biome-ignore-all lint/suspicious/noControlCharactersInRegex: JSON.parse refuses them inside strings, and so does this
import { parseJson } from './decode-segment.ts';
import { reachesInto } from './lists.ts';

/** Claims known to the edge, in the order in which `JSON.stringify` writes them for `CLAIMS` and our issuers write them. */
const NAMES = [
  'iat',
  'exp',
  'nbf',
  'aud',
  'paths',
  'exc',
  'ssn',
  'co',
  'co_fallback',
  'reg',
  'reg_fallback',
  'cty',
  'cty_fallback',
  'ip',
  'ip_ver',
  'headers',
  'qs',
  'intsig',
];

/**
 * The type of every claim, as a grammar of the canonical claim text: JSON without white space and escapes, known claims
 * only, each at most once and in the order of `NAMES` (`sub` and `ctx` may follow, as our issuers write them: nothing reads them). Times are integers
 * of at most 15 digits; a list has at least one item, and no item is empty; a prefix starts and ends with `/`, or
 * `/movie1` would match `/movie10`. No known claim has a use for quotes, backslashes and control characters; what a
 * list holds can therefore be taken apart at `","`.
 */
const CLAIMS =
  /^\{"iat":(0|[1-9]\d{0,14}),"exp":(0|[1-9]\d{0,14})(?:,"nbf":(0|[1-9]\d{0,14}))?,"aud":(?:"([^"\\\0-\x1f]*)"|\["([^"\\\0-\x1f]+(?:","[^"\\\0-\x1f]+)*)"\]),"paths":\["(\/(?:[^"\\\0-\x1f]*\/)?(?:","\/(?:[^"\\\0-\x1f]*\/)?)*)"\](?:,"exc":\["(\/(?:[^"\\\0-\x1f]*\/)?(?:","\/(?:[^"\\\0-\x1f]*\/)?)*)"\])?(?:,"ssn":"([\w-]+)")?(?:,"co":\["([^"\\\0-\x1f]+(?:","[^"\\\0-\x1f]+)*)"\])?(?:,"co_fallback":(?:(true)|false))?(?:,"reg":\["([^"\\\0-\x1f]+(?:","[^"\\\0-\x1f]+)*)"\])?(?:,"reg_fallback":(?:(true)|false))?(?:,"cty":\["([^"\\\0-\x1f]+(?:","[^"\\\0-\x1f]+)*)"\])?(?:,"cty_fallback":(?:(true)|false))?(?:,"ip":(1[6-9]|2\d|3[0-2]),"ip_ver":4|,"ip":(3[2-9]|[4-9]\d|1[01]\d|12[0-8]),"ip_ver":6)?(?:,"headers":\["([^"\\\0-\x1f]+(?:","[^"\\\0-\x1f]+)*)"\])?(?:,"qs":\["([^"\\\0-\x1f]+(?:","[^"\\\0-\x1f]+)*)"\])?(?:,"intsig":"([^"\\\0-\x1f]*)")?(?:,"(?:sub|ctx)":"[^"\\\0-\x1f]*")*\}$(?!\n)/;

/** Claims as text, by position: the whole, then one after the other. `undefined` where a claim is absent. */
export type ClaimText = RegExpExecArray;

// Positions. Lists are their items joined by `","`; a fallback is there when it is true.
export const IAT = 1;
export const EXP = 2;
export const NBF = 3;
export const AUD = 4;
/** `aud` as a list. */
export const AUD_LIST = 5;
export const PATHS = 6;
export const EXC = 7;
export const SSN = 8;
/** Countries; `co_fallback` is the next, and so with regions and cities. */
export const CO = 9;
export const REG = 11;
export const CTY = 13;
/** Prefix length of the bound network, by family. */
export const IPV4 = 15;
export const IPV6 = 16;
export const HEADERS = 17;
export const QS = 18;
export const INTSIG = 19;

/** Items of a list claim. */
export function itemsOf(list: string): string[] {
  return list.split('","');
}

/** The canonical text of a claim set in any other form; without claims where the text is no JSON object. */
function canonical(text: string): string {
  const claims = (parseJson(text) || {}) as { [claim: string]: unknown };
  // The edge's engine lets a member without a name through, whatever the list of names says.
  delete claims[''];
  return JSON.stringify(claims, NAMES);
}

/** Whether claims fit each other. */
function isConsistent(claims: ClaimText): boolean {
  const exc = claims[EXC];
  const isBound = claims[IPV4] || claims[IPV6] || claims[HEADERS] || claims[QS];
  return (
    +(claims[IAT] as string) < +(claims[EXP] as string) &&
    // No exception may equal or contain a path, or it would lift the binding from what it protects.
    !(exc && reachesInto(itemsOf(claims[PATHS] as string), itemsOf(exc))) &&
    !(claims[CTY] && !claims[CO]) &&
    // Present exactly when something is bound.
    (claims[INTSIG] === undefined) === !isBound
  );
}

/**
 * The claims of a JSON text in which every claim known to us has its type and fits the others; `null` when there are none.
 * The usual payload is canonical as it is. Any other is parsed and written again: members in any order, white space, escapes and
 * members that are unknown make no difference, and of duplicates the last one counts, as `JSON.parse` has it.
 *
 * One search through a text answers what would take fifty questions to a parsed object, each of which costs the edge as
 * much as a hundred characters of this.
 */
export function readClaims(text: string): ClaimText | null {
  const claims = CLAIMS.exec(text) || CLAIMS.exec(canonical(text));
  return claims && isConsistent(claims) ? claims : null;
}
