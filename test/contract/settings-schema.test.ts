/** The settings schema of a module is what editors show: every property explains itself, and tells no lies. */
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import type { JsonSchema } from '../../generator/config/compose-schema.ts';
import { fileOf, moduleIds, textOf } from './folders.ts';

interface Property {
  path: string;
  schema: JsonSchema;
  required: boolean;
}

/** All properties below a schema, those of maps and of items of lists included. */
function propertiesOf(schema: JsonSchema, path: string): Property[] {
  const below = (child: JsonSchema, at: string, required: boolean): Property[] => [
    { path: at, schema: child, required },
    ...propertiesOf(child, at),
  ];
  const named = Object.entries(schema.properties ?? {}).flatMap(([name, child]) =>
    below(child, `${path}.${name}`, schema.required?.includes(name) ?? false),
  );
  const open = typeof schema.additionalProperties === 'object' ? schema.additionalProperties : undefined;
  // A member of a map has no default: it is there because somebody wrote it.
  const items = schema.items ? propertiesOf(schema.items, `${path}[]`) : [];
  return [...named, ...(open ? below(open, `${path}.*`, true) : []), ...items];
}

const objectsOf = (schema: JsonSchema, path: string): Property[] =>
  [{ path, schema, required: true }, ...propertiesOf(schema, path)].filter(({ schema: { type, properties } }) => {
    return type === 'object' || properties !== undefined;
  });

/** Its definitions are there for modules too. */
const core = JSON.parse(textOf('schema/core.schema.json')) as JsonSchema;

describe.each(moduleIds)('settings of module %s', (id) => {
  const schema = JSON.parse(textOf(fileOf(id, 'schema.json')) || '{}') as JsonSchema;
  const properties = propertiesOf(schema, id);
  const ajv = new Ajv({ strict: true, allowUnionTypes: true, allErrors: true });
  const accepts = (property: JsonSchema, value: unknown): boolean =>
    ajv.compile({ ...property, definitions: { ...core.definitions, ...schema.definitions } })(value) === true;

  test('are an object without further keys', () => {
    expect(schema.type).toBe('object');
    const open = objectsOf(schema, id).filter(
      ({ schema: { additionalProperties } }) => additionalProperties === undefined,
    );
    expect(open.map(({ path }) => `${path} does not say \`additionalProperties\`.`)).toEqual([]);
    expect(schema.additionalProperties).toBe(false);
  });

  test('explain themselves', () => {
    expect(
      properties.flatMap(({ path, schema: property, required }) => [
        ...(property.title ? [] : [`${path} has no title.`]),
        ...(property.description ? [] : [`${path} has no description.`]),
        ...(property.default !== undefined || required ? [] : [`${path} has no default and is not required.`]),
        ...(property.examples?.length ? [] : [`${path} has no examples.`]),
      ]),
    ).toEqual([]);
  });

  test('have defaults and examples that they accept', () => {
    expect(
      properties.flatMap(({ path, schema: property }) => [
        ...(property.default === undefined || accepts(property, property.default) ? [] : [`${path}: bad default.`]),
        ...(property.examples ?? [])
          .filter((example) => !accepts(property, example))
          .map((example) => `${path}: bad example ${JSON.stringify(example)}.`),
      ]),
    ).toEqual([]);
  });
});
