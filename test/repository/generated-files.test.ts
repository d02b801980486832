/** Files of the repository that are made from others are in step with them. */
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { deref, type JsonSchema } from '../../generator/config/compose-schema.ts';
import { schemaReference } from '../../generator/config/schema-reference.ts';
import { knownModules } from '../../generator/project.ts';
import { CODES } from '../../generator/report/codes.ts';
import { root } from '../helpers/config.ts';

const known = await knownModules({ packageRoot: root }, root);
if (!known.ok) throw new Error(JSON.stringify(known.diagnostics));
const { schema } = known.value;
const read = (path: string): Promise<string> => readFile(`${root}/${path}`, 'utf8');

describe('generated files', () => {
  it('schema/config.schema.json is composed of the core and every module (npx edgepass schema)', async () => {
    expect(JSON.parse(await read('schema/config.schema.json'))).toEqual(schema);
  });

  it('schema/README.md is written from the schema (npx edgepass schema)', async () => {
    expect(await read('schema/README.md')).toBe(schemaReference(schema));
  });

  it('docs/diagnostics.md lists every code (npx vitest run -u)', async () => {
    const rows = Object.entries(CODES).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);
    const page = `<!-- Generated from generator/report/codes.ts. Do not edit. -->
# Diagnostics

Everything that can be wrong with a configuration, a module or an output has a stable code. A code is never reused for something else.

| code | meaning |
|---|---|
${rows.join('\n')}
`;
    await expect(page).toMatchFileSnapshot(`${root}/docs/diagnostics.md`);
  });

  it('the first line of config.yaml names the schema for the editor', async () => {
    expect((await read('config.yaml')).split('\n')[0]).toBe(
      '# yaml-language-server: $schema=./schema/config.schema.json',
    );
  });
});

describe('the schema explains itself', () => {
  const properties: [path: string, property: JsonSchema, required: boolean][] = [];
  const visit = (node: JsonSchema, path: string): void => {
    const here = deref(node, schema);
    for (const [name, property] of Object.entries(here.properties ?? {})) {
      // An overlay repeats the words of the section it overlays; only the section states them.
      if (path === '/environments/*' && schema.properties?.[name] !== undefined) continue;
      properties.push([`${path}/${name}`, deref(property, schema), here.required?.includes(name) === true]);
      visit(property, `${path}/${name}`);
    }
    if (typeof here.additionalProperties === 'object') visit(here.additionalProperties, `${path}/*`);
  };
  visit(schema, '');
  const resolved = new Set(schema.definitions?.resolved?.required?.map((name) => `/${name}`));

  it('has found the properties', () => {
    expect(properties.length).toBeGreaterThan(40);
    expect(properties.map(([path]) => path)).toContain('/policies/*/bind/ip/v4');
  });

  it.each(properties)(
    '%s has title, description, example, and a default unless required',
    (path, property, required) => {
      expect(property.title).toMatch(/^[A-Z]/);
      expect(property.description).toMatch(/^.{20,}\.$/s);
      expect(property.examples?.length).toBeGreaterThan(0);
      // A module that is not stated is off.
      const isModule = /^\/modules\/[^/]+$/.test(path);
      if (!required && !resolved.has(path) && !isModule) expect(property).toHaveProperty('default');
    },
  );
});
