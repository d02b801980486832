/** The short-form tags of CloudFormation and what each may stand before. */
import type { Json } from '../../modules/contract.ts';
import { hasMark } from '../inserts.ts';

export interface Intrinsic {
  /** The long form, i.e. the only key of a map. */
  name: string;
  /** What may follow the tag. */
  takes: readonly ('text' | 'list' | 'map')[];
}

/** By tag, without the exclamation mark. */
export const TAGS: Readonly<Record<string, Intrinsic>> = {
  Ref: { name: 'Ref', takes: ['text'] },
  Condition: { name: 'Condition', takes: ['text'] },
  Sub: { name: 'Fn::Sub', takes: ['text', 'list'] },
  GetAtt: { name: 'Fn::GetAtt', takes: ['text', 'list'] },
  Base64: { name: 'Fn::Base64', takes: ['text', 'map'] },
  ImportValue: { name: 'Fn::ImportValue', takes: ['text', 'map'] },
  GetAZs: { name: 'Fn::GetAZs', takes: ['text', 'map'] },
  Join: { name: 'Fn::Join', takes: ['list'] },
  Select: { name: 'Fn::Select', takes: ['list'] },
  Split: { name: 'Fn::Split', takes: ['list', 'text'] },
  FindInMap: { name: 'Fn::FindInMap', takes: ['list'] },
  Cidr: { name: 'Fn::Cidr', takes: ['list'] },
  If: { name: 'Fn::If', takes: ['list'] },
  Equals: { name: 'Fn::Equals', takes: ['list'] },
  And: { name: 'Fn::And', takes: ['list'] },
  Or: { name: 'Fn::Or', takes: ['list'] },
  Not: { name: 'Fn::Not', takes: ['list'] },
  Transform: { name: 'Fn::Transform', takes: ['map'] },
};

/** Tag by long name, of the functions that are printed short where their argument is a text or a list. */
export const TAG_OF: ReadonlyMap<string, string> = new Map(
  Object.entries(TAGS)
    // `Condition:` is also a key of resources and policy statements: the long form is never wrong.
    .filter(([tag]) => tag !== 'Condition' && tag !== 'Transform')
    .map(([tag, { name }]) => [name, tag]),
);

/** A map that is one function call: its long name and argument. */
export function asCall(value: object): [name: string, argument: unknown] | undefined {
  let call: [string, unknown] | undefined;
  for (const name in value) {
    if (call) return undefined;
    call = [name, (value as Record<string, unknown>)[name]];
  }
  return call && TAG_OF.has(call[0]) ? call : undefined;
}

/** The long form of a tagged value, and what is wrong with it if something is. */
export function applyTag(tag: string, value: Json): { call: Json; problem?: { message: string; hint: string } } {
  const intrinsic = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
  if (!intrinsic) {
    const hint = `The tags are !${Object.keys(TAGS).join(', !')}.`;
    return { call: value, problem: { message: `!${tag} is not a tag of CloudFormation`, hint } };
  }
  const { name, takes } = intrinsic;
  const kind = Array.isArray(value) ? 'list' : value !== null && typeof value === 'object' ? 'map' : 'text';
  if (!takes.includes(kind)) {
    const hint = `It takes a ${takes.join(' or a ')}.`;
    return { call: { [name]: value }, problem: { message: `!${tag} cannot stand before a ${kind}`, hint } };
  }
  if (name !== 'Fn::GetAtt' || typeof value !== 'string' || hasMark(value)) return { call: { [name]: value } };
  const dot = value.indexOf('.');
  if (dot < 1) {
    const hint = 'Write !GetAtt Resource.Attribute.';
    return { call: { [name]: value }, problem: { message: `!GetAtt ${value} names no attribute`, hint } };
  }
  return { call: { [name]: [value.slice(0, dot), value.slice(dot + 1)] } };
}
