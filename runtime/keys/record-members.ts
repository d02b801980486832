/** Small checks shared by the two Secrets Manager documents. Node only: the edge reads `state.ts`. */
import { isKid } from '../token/protected-header.ts';
import { RecordError } from './record-error.ts';
import { type EdgeKey, encodeState } from './state.ts';

/** Says what a value must be, or `''` when it is that. */
export type MemberCheck = (value: unknown) => string;

/** Form: see `checkForEdge`. The length leaves room for five keys beside it in the edge state. */
export const isAudience: MemberCheck = (value) =>
  typeof value === 'string' && value.length <= 100 ? '' : '<project>/<environment>, at most 100 characters';

export const isId: MemberCheck = (value) =>
  typeof value === 'string' && isKid(value) ? '' : '1 to 16 characters of A-Z, a-z, 0-9, "_" and "-"';

/** Ten digits at most: thirteen would be milliseconds. */
export const isTime: MemberCheck = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 9_999_999_999
    ? ''
    : 'a whole number of seconds since 1970';

export const isDuration: MemberCheck = (value) =>
  Number.isInteger(value) && (value as number) >= 1 && (value as number) <= 999_999_999
    ? ''
    : 'a whole number of seconds of at least 1';

/** 32 bytes in their one base64url spelling: what decodes to the same bytes but is written otherwise is refused. */
export const isKey: MemberCheck = (value) => {
  const bytes = typeof value === 'string' && value.length === 43 ? Buffer.from(value, 'base64url') : undefined;
  return bytes?.length === 32 && bytes.toString('base64url') === value ? '' : '32 bytes in base64url without padding';
};

export const isOneOf =
  (...values: readonly unknown[]): MemberCheck =>
  (value) =>
    values.includes(value) ? '' : values.map((allowed) => JSON.stringify(allowed)).join(' or ');

/** The JSON object of a text. What JSON.parse has to say is not passed on, because it quotes the text. */
export function readObject(text: string, what: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new RecordError(`${what}: not JSON`);
  }
  return asObject(value, what);
}

/** Throws unless a value is an object of its own members. */
export function asObject(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new RecordError(`${what}: must be an object`);
  return value as Record<string, unknown>;
}

export interface Members {
  what: string;
  required: Readonly<Record<string, MemberCheck>>;
  optional?: Readonly<Record<string, MemberCheck>>;
}

/** Throws unless an object has all required members and no unknown one, each with its form. */
export function checkMembers(object: Record<string, unknown>, { what, required, optional = {} }: Members): void {
  for (const [name, check] of Object.entries({ ...required, ...optional })) {
    if (!Object.hasOwn(object, name)) {
      if (Object.hasOwn(required, name)) throw new RecordError(`${what}: "${name}" is missing`);
      continue;
    }
    const expected = check(object[name]);
    if (expected !== '') throw new RecordError(`${what}: "${name}" must be ${expected}`);
  }
  // The unknown name is not quoted: it may be a value that got into the wrong place.
  const known = (name: string): boolean => Object.hasOwn(required, name) || Object.hasOwn(optional, name);
  if (!Object.keys(object).every(known)) throw new RecordError(`${what}: has a member that is not known`);
}

/** Throws what the edge state would not take: form of audience and ids, number of keys, an id or a value that is there twice. */
export function checkForEdge(what: string, audience: string, keys: EdgeKey[]): void {
  const values = keys.flatMap(({ sign, bind }) => [sign, bind]);
  if (new Set(values).size !== values.length)
    throw new RecordError(`${what}: every "sign" and "bind" must be a value of its own`);
  try {
    encodeState({ audience, keys, voidBefore: 0 });
  } catch (error) {
    throw new RecordError(`${what}: ${(error as Error).message.replace(/^edge state: /, '')}`);
  }
}
