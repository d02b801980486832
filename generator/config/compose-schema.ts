/**
 * Composes `schema/core.schema.json` and the settings schemas of the modules into the one self-contained schema of
 * config.yaml. Draft-07, the dialect editors understand.
 */

/** The part of draft-07 that edgepass schemas use. */
export interface JsonSchema {
  $schema?: string;
  $id?: string;
  $ref?: string;
  title?: string;
  description?: string;
  default?: unknown;
  examples?: unknown[];
  type?: string | string[];
  enum?: unknown[];
  pattern?: string;
  required?: string[];
  properties?: Record<string, JsonSchema>;
  propertyNames?: JsonSchema;
  additionalProperties?: boolean | JsonSchema;
  items?: JsonSchema;
  definitions?: Record<string, JsonSchema>;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  uniqueItems?: boolean;
  minProperties?: number;
  maxProperties?: number;
}

export interface ModuleSchema {
  id: string;
  /** On in every environment, so its settings have defaults even when config.yaml does not name it. */
  always: boolean;
  schema: JsonSchema;
}

/** Sections that stand at the top level only; all others may be stated again in an environment. */
const NOT_OVERLAID = new Set(['project', 'environments']);

const PREFIX = '#/definitions/';

/** `core` and `modules` are not changed; modules appear in the order given. */
export function composeSchema(core: JsonSchema, modules: readonly ModuleSchema[]): JsonSchema {
  const composed = structuredClone(core);
  composed.definitions ??= {};
  composed.properties ??= {};
  const { definitions, properties: sections } = composed;
  const moduleSection = sections.modules;
  if (moduleSection === undefined) throw new Error('core schema has no `modules` section');
  moduleSection.properties = {};
  for (const { id, always, schema } of modules) {
    const settings = hoistDefinitions(structuredClone(schema), id, definitions);
    delete settings.$schema;
    delete settings.$id;
    if (always) settings.default = {};
    else delete settings.default;
    moduleSection.properties[id] = settings;
  }
  inlineScalars(composed, definitions);
  const environment = definitions.environment;
  if (environment === undefined) throw new Error('core schema has no `environment` definition');
  const always = new Set(modules.filter((m) => m.always).map((m) => m.id));
  for (const [name, section] of Object.entries(sections)) {
    if (NOT_OVERLAID.has(name)) continue;
    environment.properties = { ...environment.properties, [name]: overlay(section, definitions) };
  }
  const overlaidModules = environment.properties?.modules?.properties ?? {};
  for (const id of always) overlaidModules[id] = { ...overlaidModules[id], type: 'object' };
  return composed;
}

/** Schema of one environment after merging: the top level without `environments`, complete. */
export function resolvedSchema(composed: JsonSchema): JsonSchema {
  const { environments: _environments, ...properties } = composed.properties ?? {};
  const { $id: _id, ...rest } = composed;
  return { ...rest, properties, required: ['project', ...(composed.definitions?.resolved?.required ?? [])] };
}

/** Follows a `$ref` of the composed schema; siblings such as title and examples win over the definition's. */
export function deref(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  const { $ref, ...siblings } = schema;
  return { ...root.definitions?.[$ref.slice(PREFIX.length)], ...siblings };
}

/** A module's own definitions move to the root under a name that no other module can have. */
function hoistDefinitions(schema: JsonSchema, id: string, into: Record<string, JsonSchema>): JsonSchema {
  const own = schema.definitions ?? {};
  delete schema.definitions;
  const rename = (node: JsonSchema): void => {
    if (node.$ref?.startsWith(PREFIX)) {
      const name = node.$ref.slice(PREFIX.length);
      if (name in own) node.$ref = `${PREFIX}${id}.${name}`;
    }
    for (const child of children(node)) rename(child);
  };
  rename(schema);
  for (const [name, definition] of Object.entries(own)) {
    rename(definition);
    into[`${id}.${name}`] = definition;
  }
  return schema;
}

/** Scalar definitions are written out where they are used: editors then show a property's own words, not the definition's. */
function inlineScalars(schema: JsonSchema, definitions: Record<string, JsonSchema>): void {
  const isScalar = (d: JsonSchema): boolean => d.properties === undefined && d.items === undefined;
  const visit = (node: JsonSchema): void => {
    if (node.$ref?.startsWith(PREFIX)) {
      const target = definitions[node.$ref.slice(PREFIX.length)];
      if (target !== undefined && isScalar(target)) {
        const { $ref: _ref, ...siblings } = node;
        for (const key of Object.keys(node)) delete node[key as keyof JsonSchema];
        Object.assign(node, target, siblings);
      }
    }
    for (const child of children(node)) visit(child);
  };
  visit(schema);
  for (const name of Object.keys(definitions)) {
    const definition = definitions[name];
    if (definition !== undefined && isScalar(definition) && name !== 'resolved') delete definitions[name];
  }
}

/** The schema of a section inside an environment: nothing is required, `null` removes, lists are as at the top level. */
function overlay(schema: JsonSchema, definitions: Record<string, JsonSchema>): JsonSchema {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.slice(PREFIX.length);
    const key = `overlay.${name}`;
    const target = definitions[name];
    if (definitions[key] === undefined && target !== undefined) {
      definitions[key] = {};
      definitions[key] = overlay(target, definitions);
    }
    return { ...schema, $ref: PREFIX + key };
  }
  const { required: _required, default: _default, minProperties: _minProperties, ...relaxed } = schema;
  if (relaxed.type !== undefined) relaxed.type = [...new Set([relaxed.type, 'null'].flat())];
  if (relaxed.enum !== undefined && !relaxed.enum.includes(null)) relaxed.enum = [...relaxed.enum, null];
  if (relaxed.properties !== undefined)
    relaxed.properties = Object.fromEntries(
      Object.entries(relaxed.properties).map(([name, property]) => [name, overlay(property, definitions)]),
    );
  if (typeof relaxed.additionalProperties === 'object')
    relaxed.additionalProperties = overlay(relaxed.additionalProperties, definitions);
  return relaxed;
}

function children(node: JsonSchema): JsonSchema[] {
  return [
    ...Object.values(node.properties ?? {}),
    ...Object.values(node.definitions ?? {}),
    ...[node.items, node.propertyNames, node.additionalProperties].filter(
      (child): child is JsonSchema => typeof child === 'object',
    ),
  ];
}
