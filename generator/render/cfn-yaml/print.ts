/**
 * Prints a template canonically: fixed order of sections and resource members, block style, short tags, no folding.
 * Written by hand because the `yaml` package needs a multiple of the time and cannot be told to quote for YAML 1.1;
 * a property test proves that parsing gives back what was printed.
 */
import type { Json } from '../../modules/contract.ts';
import { asCall, TAG_OF } from './intrinsics.ts';
import { inlineText, numberText, textValue } from './scalar.ts';

const SECTIONS = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Resources',
  'Outputs',
];
const RESOURCE_MEMBERS = [
  'Type',
  'DependsOn',
  'Condition',
  'CreationPolicy',
  'UpdatePolicy',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'Properties',
];
const STEP = '  ';

type JsonMap = { [key: string]: Json };

/** The text of a template, with `comment` as its first line. */
export function printTemplate(template: JsonMap, comment: string): string {
  const out = [`# ${comment}`];
  for (const [section, content] of ordered(template, SECTIONS)) {
    const entries = isMap(content) && Object.keys(content).length > 0 ? Object.entries(content) : undefined;
    if (!entries) {
      node({ out, lead: `${inlineText(section)}:`, indent: '', value: content });
      continue;
    }
    out.push('', `${inlineText(section)}:`);
    entries.forEach(([name, value], index) => {
      if (section === 'Resources' && index > 0) out.push('');
      const sorted =
        section === 'Resources' && isMap(value) ? Object.fromEntries(ordered(value, RESOURCE_MEMBERS)) : value;
      node({ out, lead: `${STEP}${inlineText(name)}:`, indent: STEP, value: sorted });
    });
  }
  return `${out.join('\n')}\n`;
}

/** Known members first, in their order; others after them as they came. */
function ordered(map: JsonMap, first: readonly string[]): [string, Json][] {
  const known = first
    .filter((name) => Object.hasOwn(map, name))
    .map((name): [string, Json] => [name, map[name] as Json]);
  return [...known, ...Object.entries(map).filter(([name]) => !first.includes(name))];
}

interface Node {
  out: string[];
  /** What stands before the value on its line: `key:` or `-`, with indentation. */
  lead: string;
  /** Indentation of the key or dash. */
  indent: string;
  value: Json;
}

function node({ out, lead, indent, value }: Node): void {
  if (value === null || typeof value !== 'object') {
    out.push(`${lead} ${scalar(value, indent + STEP)}`);
    return;
  }
  const call = asCall(value);
  if (call && shortCall({ out, lead, indent, call })) return;
  if (Array.isArray(value)) {
    list({ out, lead, indent, value });
    return;
  }
  const keys = Object.keys(value);
  if (keys.length === 0) {
    out.push(`${lead} {}`);
    return;
  }
  const inner = indent + STEP;
  // In a list the first member stands on the line of the dash.
  const isItem = lead.endsWith('-');
  if (!isItem) out.push(lead);
  keys.forEach((key, index) => {
    const name = `${inlineText(key)}:`;
    node({
      out,
      lead: isItem && index === 0 ? `${lead} ${name}` : inner + name,
      indent: inner,
      value: value[key] as Json,
    });
  });
}

function list({ out, lead, indent, value }: Node & { value: Json[] }): void {
  if (value.length === 0) {
    out.push(`${lead} []`);
    return;
  }
  const isItem = lead.endsWith('-');
  const inner = indent + STEP;
  if (!isItem) out.push(lead);
  value.forEach((item, index) => {
    node({ out, lead: isItem && index === 0 ? `${lead} -` : `${inner}-`, indent: inner, value: item });
  });
}

/** Prints `!Tag …` where the argument is a text or a list; a nested function needs the long form. */
function shortCall({ out, lead, indent, call }: Omit<Node, 'value'> & { call: [string, unknown] }): boolean {
  const [name, argument] = call;
  const tag = `!${TAG_OF.get(name)}`;
  if (name === 'Fn::GetAtt') {
    if (!isPlainAttribute(argument)) return false;
    out.push(`${lead} ${tag} ${argument.join('.')}`);
    return true;
  }
  const takesText =
    name === 'Ref' ||
    name === 'Fn::Sub' ||
    name === 'Fn::Base64' ||
    name === 'Fn::ImportValue' ||
    name === 'Fn::GetAZs';
  if (typeof argument === 'string' && takesText) {
    out.push(`${lead} ${tag} ${textValue(argument, indent + STEP)}`);
    return true;
  }
  if (!Array.isArray(argument) || name === 'Ref' || (takesText && name !== 'Fn::Sub')) return false;
  list({ out, lead: `${lead} ${tag}`, indent, value: argument as Json[] });
  return true;
}

function isPlainAttribute(argument: unknown): argument is [string, string] {
  if (!Array.isArray(argument) || argument.length !== 2) return false;
  const [resource, attribute] = argument as unknown[];
  return (
    typeof resource === 'string' &&
    /^[A-Za-z]\w*$/.test(resource) &&
    typeof attribute === 'string' &&
    /^[A-Za-z][\w.]*$/.test(attribute)
  );
}

function scalar(value: null | boolean | number | string, indent: string): string {
  if (typeof value === 'string') return textValue(value, indent);
  return typeof value === 'number' ? numberText(value) : String(value);
}

function isMap(value: Json): value is JsonMap {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
