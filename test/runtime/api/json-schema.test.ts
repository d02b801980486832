/** The small validator says what ajv says, of every schema that requests are held against. */
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, schemaFaults } from '../../../runtime/api/json-schema.ts';
import { OPERATIONS, type Operation } from '../../../runtime/api/operations.ts';
import { ASSET } from '../../../runtime/api/schemas.ts';
import coreSchema from '../../../schema/core.schema.json' with { type: 'json' };
import { PLAYBACK } from './world.ts';

const table = OPERATIONS as readonly Operation[];
const schemas: [string, JsonSchema][] = table.flatMap(({ id, services, viewers, parameters }) => [
  ...[services, viewers].flatMap((form): [string, JsonSchema][] => [
    ...(form?.body === undefined ? [] : [[`${id}: body`, form.body] as [string, JsonSchema]]),
    ...Object.values(form?.answers ?? {}).flatMap((schema): [string, JsonSchema][] =>
      schema === null ? [] : [[`${id}: answer`, schema]],
    ),
  ]),
  ...parameters.map(({ name, schema }): [string, JsonSchema] => [`${id}: ${name}`, schema]),
]);

const ajv = new Ajv2020({ strict: true, strictRequired: false, allowUnionTypes: true, strictTypes: false });

const SEEDS = [
  PLAYBACK,
  { ...PLAYBACK, policy: 'all', subject: 'u', ttl: 60, domains: 'all' },
  { ...PLAYBACK, domains: ['media'] },
  { token: 'a.b.c', ...PLAYBACK },
  { reason: 'r', expires: 5 },
  { stream: 'vod', path: '/vod/a/', playlists: { hls: 'a/b.m3u8' }, policy: 'p', title: 't', demo: true },
  'Ab0_-xYzAb0_-xYzAb0_-x',
];

/** A seed with something in it changed, or anything at all. */
const values = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(...SEEDS), fc.jsonValue(), fc.nat())
      .map(([seed, value, at]) => changed(seed, value, at)),
  },
  { weight: 1, arbitrary: fc.jsonValue() },
);

function changed(seed: unknown, value: unknown, at: number): unknown {
  if (typeof seed !== 'object' || seed === null) return at % 2 ? seed : value;
  const names = [...Object.keys(seed), 'extra'];
  const name = names[at % names.length] as string;
  const inner = (seed as Record<string, unknown>)[name];
  return { ...seed, [name]: typeof inner === 'object' && at % 3 ? changed(inner, value, Math.floor(at / 7)) : value };
}

describe('a validator of a few lines', () => {
  it.each(schemas)('agrees with ajv about %s', (_name, schema) => {
    const valid = ajv.compile(schema);
    fc.assert(
      fc.property(values, (value) => {
        expect(schemaFaults(schema, value).length === 0).toBe(valid(value));
      }),
      { numRuns: 400, seed: 6 },
    );
  });

  it('knows every word of these schemas', () => {
    const known = new Set(
      'type title description examples default const enum pattern minLength maxLength minimum maximum items minItems maxItems properties required minProperties maxProperties propertyNames additionalProperties anyOf'.split(
        ' ',
      ),
    );
    const words = (schema: JsonSchema): string[] => [
      ...Object.keys(schema),
      ...Object.values(schema.properties ?? {}).flatMap(words),
      ...(schema.anyOf ?? []).flatMap(words),
      ...(schema.items ? words(schema.items) : []),
      ...(typeof schema.additionalProperties === 'object' ? words(schema.additionalProperties) : []),
    ];
    expect(schemas.flatMap(([, schema]) => words(schema)).filter((word) => !known.has(word))).toEqual([]);
  });

  it('counts characters, not units', () => {
    expect(schemaFaults({ type: 'string', maxLength: 2 }, '\u{1f3ac}\u{1f3ac}')).toEqual([]);
    expect(schemaFaults({ type: 'string', maxLength: 1 }, '\u{1f3ac}\u{1f3ac}')).toHaveLength(1);
  });
});

it('an asset of the API is one of config.yaml', () => {
  const core = coreSchema.definitions.asset.properties as Record<string, { pattern?: string; maxLength?: number }>;
  const own = ASSET.properties as Record<string, JsonSchema>;
  expect(Object.keys(own).sort()).toEqual(Object.keys(core).sort());
  expect(ASSET.required).toEqual(coreSchema.definitions.asset.required);
  for (const name of ['path', 'title'])
    expect([own[name]?.pattern, own[name]?.maxLength]).toEqual([core[name]?.pattern, core[name]?.maxLength]);
  for (const name of ['hls', 'dash'] as const)
    expect(own.playlists?.properties?.[name]?.pattern).toBe(
      coreSchema.definitions.asset.properties.playlists.properties[name].pattern,
    );
});
