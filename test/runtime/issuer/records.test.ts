/** The two Secrets Manager documents: published schema and parser say the same, and errors hold no key. */
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseIssuerRecord, serialiseIssuerRecord } from '../../../runtime/keys/issuer-record.ts';
import { type KeyRecord, parseKeyRecord, serialiseKeyRecord } from '../../../runtime/keys/key-record.ts';
import { root } from '../../helpers/config.ts';
import { testKey } from '../../helpers/sign.ts';
import { record } from './world.ts';

type Json = Record<string, unknown>;
const schemaOf = (name: string): Json => JSON.parse(readFileSync(`${root}/schema/${name}.schema.json`, 'utf8')) as Json;
const issuerSchema = schemaOf('issuer-record');
const keySchema = schemaOf('key-record');
const used = { published: 1100, signFrom: 2000, signUntil: 9000, longestLifetime: 600 };
const keys: KeyRecord = {
  version: 1,
  audience: 'acme/test',
  keys: [
    { state: 'gone', kid: 'k0', created: 10, gone: 900 },
    { state: 'retiring', ...testKey('k1'), created: 1000, ...used, keepUntil: 9600 },
    { state: 'signing', ...testKey('k2'), created: 1000, ...used },
    { state: 'spare', ...testKey('k3'), created: 1000, published: 1000 },
    { state: 'spare', ...testKey('k4'), created: 1000 },
  ],
};

const accepts = (parse: (text: string) => unknown, value: unknown): boolean => {
  try {
    parse(JSON.stringify(value));
    return true;
  } catch (error) {
    // Whatever is wrong, no key and no piece of one is told.
    expect((error as Error).message).not.toMatch(/[\w-]{30}/);
    expect(error).toMatchObject({ name: 'RecordError', code: 'record_invalid' });
    return false;
  }
};

const junk = fc.oneof(
  fc.constantFrom(
    null,
    '',
    0,
    -1,
    1.5,
    9_999_999_999,
    10_000_000_000,
    true,
    [],
    {},
    'a/b',
    'a/b/c',
    '/',
    'a b',
    'k'.repeat(16),
    'k'.repeat(17),
    'x/'.padEnd(100, 'y'),
    'x/'.padEnd(101, 'y'),
  ),
  fc.constantFrom(
    ...['A', 'B', 'E', '=', '+'].map((last) => `${'A'.repeat(42)}${last}`),
    'A'.repeat(42),
    'A'.repeat(44),
    'spare',
    'signing',
    'gone',
    'constructor',
  ),
);

/** A document with one member, at any depth, replaced, removed or added. */
const change = (value: Json): fc.Arbitrary<unknown> => {
  const paths: (string | number)[][] = [];
  const visit = (node: unknown, path: (string | number)[]): void => {
    if (path.length > 0) paths.push(path);
    if (Array.isArray(node)) for (const [index, item] of node.entries()) visit(item, [...path, index]);
    else if (typeof node === 'object' && node !== null)
      for (const [name, item] of Object.entries({ ...node, extra: 0, published: 1000, keepUntil: 9999, gone: 9999 }))
        visit(item, [...path, name]);
  };
  visit(value, []);
  return fc.tuple(fc.constantFrom(...paths), fc.option(junk, { nil: undefined })).map(([path, put]) => {
    const copy = structuredClone(value);
    const parent = path.slice(0, -1).reduce<unknown>((node, step) => (node as Json)[step], copy) as Json;
    const last = path.at(-1) as string;
    if (put !== undefined) parent[last] = put;
    else if (Array.isArray(parent)) parent.splice(Number(last), 1);
    else delete parent[last];
    return JSON.parse(JSON.stringify(copy)) as unknown;
  });
};

describe.each([
  ['issuer record', issuerSchema, record as unknown as Json, parseIssuerRecord],
  ['key record', keySchema, keys as unknown as Json, parseKeyRecord],
] as const)('%s', (_name, schema, good, parse) => {
  const validate = new Ajv({ strict: true, strictTypes: false, allErrors: false }).compile(schema);

  it('accepts a good one and the examples of its schema', () => {
    for (const value of [good, ...(schema.examples as unknown[])]) {
      expect(validate(value)).toBe(true);
      expect(accepts(parse, value)).toBe(true);
    }
  });

  it('parser and schema agree on changed documents, but for relations only the parser knows', () => {
    let differ = 0;
    fc.assert(
      fc.property(change(good), (value) => {
        const parsed = accepts(parse, value);
        const valid = validate(value) as boolean;
        if (parsed) expect(valid).toBe(true);
        else if (valid) {
          differ++;
          // The same members in the order of time with other ids and keys: only relations are left to object to.
          expect(() => parse(JSON.stringify(value))).toThrow(
            /too early|before|of its own|is there twice|more than one|two keys|different values/,
          );
        }
      }),
      { numRuns: 3000, seed: 3 },
    );
    expect(differ).toBeLessThan(400);
  });

  it('explains every member', () => {
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      for (const [name, property] of Object.entries(((node as Json).properties ?? {}) as Record<string, Json>))
        if (property.enum === undefined)
          expect({ name, ...property }).toMatchObject({
            title: expect.any(String),
            description: expect.any(String),
            examples: [expect.anything()],
          });
      for (const value of Object.values(node)) visit(value);
    };
    visit(schema);
  });
});

describe('relations', () => {
  const withKey = (index: number, more: Json): Json => ({
    ...keys,
    keys: keys.keys.map((key, at) => (at === index ? { ...key, ...more } : key)),
  });
  const spare = (kid: string): Json => ({ state: 'spare', ...testKey(kid), created: 1 });

  it.each([
    ['signFrom at signUntil', parseIssuerRecord, { ...record, signUntil: record.signFrom }, 'signFrom'],
    ['one value for both keys', parseIssuerRecord, { ...record, bind: record.sign }, 'of its own'],
    ['two keys with one id', parseKeyRecord, withKey(3, { kid: 'k2' }), 'two keys'],
    ['the id of a key that is gone', parseKeyRecord, withKey(3, { kid: 'k0' }), 'twice'],
    ['two keys with one value', parseKeyRecord, withKey(3, { bind: testKey('k2').sign }), 'of its own'],
    [
      'two keys that sign',
      parseKeyRecord,
      { ...keys, keys: [...keys.keys.slice(0, 3), { ...keys.keys[2], ...testKey('k9') }] },
      'more than one key signs',
    ],
    ['six live keys', parseKeyRecord, { ...keys, keys: ['a', 'b', 'c', 'd', 'e', 'f'].map(spare) }, '1 to 5 keys'],
    ['none but gone keys', parseKeyRecord, { ...keys, keys: [keys.keys[0]] }, '1 to 5 keys'],
    ['published before it was made', parseKeyRecord, withKey(3, { published: 999 }), '"published" is too early'],
    ['signing before it was published', parseKeyRecord, withKey(2, { signFrom: 1099 }), '"signFrom" is too early'],
    ['no time to sign in', parseKeyRecord, withKey(2, { signUntil: 2000 }), '"signUntil" is too early'],
    ['gone while its tokens live', parseKeyRecord, withKey(1, { keepUntil: 9599 }), '"keepUntil" is too early'],
    ['a signing key with a keepUntil', parseKeyRecord, withKey(2, { keepUntil: 9600 }), 'not known'],
    ['a key that is gone with its value', parseKeyRecord, withKey(0, { sign: testKey('k0').sign }), 'not known'],
  ])('%s', (_name, parse: (text: string) => unknown, value, message) => {
    expect(() => parse(JSON.stringify(value))).toThrow(message);
  });

  it('are read back as they were written', () => {
    expect(parseIssuerRecord(serialiseIssuerRecord(record))).toEqual(record);
    expect(parseKeyRecord(serialiseKeyRecord(keys))).toEqual(keys);
    expect(() => serialiseIssuerRecord({ ...record, kid: '' })).toThrow('kid');
  });
});
