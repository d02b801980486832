/** A template: read from JSON or YAML, and refused for the reasons CloudFormation refuses it before looking at values. */
import { parseCfnYaml } from '../../../../generator/render/cfn-yaml/parse.ts';
import { validationError } from '../errors.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { references } from './references.ts';
import { isKnownType } from './spec.ts';

export interface ResourceDefinition {
  type: string;
  properties: JsonObject;
  dependsOn: string[];
  condition: string | undefined;
  /** The other attributes, by name: `DeletionPolicy`, `Metadata`, … */
  attributes: JsonObject;
}

export interface ParameterDefinition {
  type: string;
  default: string | undefined;
  noEcho: boolean;
  description: string | undefined;
  allowedValues: string[] | undefined;
  allowedPattern: string | undefined;
  constraintDescription: string | undefined;
}

export interface Template {
  text: string;
  document: JsonObject;
  description: string | undefined;
  parameters: Record<string, ParameterDefinition>;
  mappings: JsonObject;
  conditions: JsonObject;
  resources: Record<string, ResourceDefinition>;
  outputs: Record<string, JsonObject>;
  transforms: string[];
}

const SECTIONS = new Set([
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Rules',
  'Mappings',
  'Conditions',
  'Transform',
  'Hooks',
  'Resources',
  'Outputs',
]);
const ATTRIBUTES = ['DeletionPolicy', 'UpdateReplacePolicy', 'Metadata', 'CreationPolicy', 'UpdatePolicy'];

export function parseTemplate(text: string): Template {
  const document = parseText(text);
  const unknown = Object.keys(document).filter((key) => !SECTIONS.has(key));
  if (unknown.length > 0) throw validationError(`Invalid template property or properties [${unknown.join(', ')}]`);
  const resources = section(document, 'Resources');
  if (Object.keys(resources).length === 0) {
    throw validationError('Template format error: At least one Resources member must be defined.');
  }
  const template: Template = {
    text,
    document,
    description: typeof document.Description === 'string' ? document.Description : undefined,
    parameters: mapValues(section(document, 'Parameters'), readParameter),
    mappings: section(document, 'Mappings'),
    conditions: section(document, 'Conditions'),
    resources: mapValues(resources, readResource),
    outputs: mapValues(section(document, 'Outputs'), (output) => (isObject(output) ? output : {})),
    transforms: [document.Transform ?? []].flat().map(String),
  };
  checkTypes(template);
  checkReferences(template);
  return template;
}

function parseText(text: string): JsonObject {
  let value: Json | undefined;
  if (text.trimStart().startsWith('{')) {
    try {
      value = JSON.parse(text) as Json;
    } catch (error) {
      throw validationError(`Template format error: JSON not well-formed. (${(error as Error).message})`);
    }
  } else {
    const parsed = parseCfnYaml(text, (line, column) => ({ file: 'template', line, column }));
    const [fault] = parsed.diagnostics;
    if (fault) throw validationError(`Template format error: YAML not well-formed. (${fault.message})`);
    value = parsed.value;
  }
  if (!isObject(value)) throw validationError('Template format error: unsupported structure.');
  return value;
}

function section(document: JsonObject, name: string): JsonObject {
  const value = document[name] ?? {};
  if (!isObject(value)) throw validationError(`Template format error: ${name} must be an object.`);
  return value;
}

function readResource(value: Json, name: string): ResourceDefinition {
  if (!isObject(value) || typeof value.Type !== 'string') {
    throw validationError(
      `Template format error: [/Resources/${name}] Every Resources object must contain a Type member.`,
    );
  }
  const { Type, Properties, DependsOn, Condition } = value;
  return {
    type: Type,
    properties: isObject(Properties) ? Properties : {},
    dependsOn: [DependsOn ?? []].flat().map(String),
    condition: typeof Condition === 'string' ? Condition : undefined,
    attributes: Object.fromEntries(ATTRIBUTES.flatMap((key) => (value[key] === undefined ? [] : [[key, value[key]]]))),
  };
}

function readParameter(value: Json, name: string): ParameterDefinition {
  if (!isObject(value) || typeof value.Type !== 'string') {
    throw validationError(`Template format error: Every Parameters object must contain a Type member (${name}).`);
  }
  const text = (key: string) => (value[key] === undefined ? undefined : String(value[key]));
  return {
    type: value.Type,
    default: Array.isArray(value.Default) ? value.Default.join(',') : text('Default'),
    noEcho: String(value.NoEcho) === 'true',
    description: text('Description'),
    allowedValues: Array.isArray(value.AllowedValues) ? value.AllowedValues.map(String) : undefined,
    allowedPattern: text('AllowedPattern'),
    constraintDescription: text('ConstraintDescription'),
  };
}

function checkTypes({ resources }: Template): void {
  const unknown = Object.values(resources).filter(({ type }) => !isKnownType(type));
  if (unknown.length > 0) {
    const types = [...new Set(unknown.map(({ type }) => type))];
    throw validationError(`Template format error: Unrecognized resource types: [${types.join(', ')}]`);
  }
}

function checkReferences(template: Template): void {
  const known = new Set([...Object.keys(template.parameters), ...Object.keys(template.resources)]);
  const check = (value: Json, block: string) => {
    const missing = references(value).filter(({ name }) => !known.has(name) && !name.startsWith('AWS::'));
    if (missing.length === 0) return;
    const names = [...new Set(missing.map(({ name }) => name))].join(', ');
    throw validationError(
      `Template format error: Unresolved resource dependencies [${names}] in the ${block} block of the template`,
    );
  };
  for (const { properties, dependsOn } of Object.values(template.resources)) {
    check(properties, 'Resources');
    check(
      dependsOn.map((name) => ({ Ref: name })),
      'Resources',
    );
  }
  check(Object.values(template.outputs), 'Outputs');
}

function mapValues<T>(object: JsonObject, read: (value: Json, key: string) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, read(value, key)]));
}
