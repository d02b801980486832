/** What a value refers to: `Ref`, `Fn::GetAtt` and the `${…}` of `Fn::Sub`. */
import { isObject, type Json } from '../json.ts';

export interface Reference {
  /** A parameter, a resource, or a pseudo parameter. */
  name: string;
  /** Only of a reference to an attribute. */
  attribute?: string;
}

export function references(value: Json | undefined): Reference[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const keys = Object.keys(value);
  if (keys.length === 1) {
    if (typeof value.Ref === 'string') return [{ name: value.Ref }];
    const target = value['Fn::GetAtt'];
    if (target !== undefined) {
      const [name, attribute] = attributeTarget(target);
      return [{ name, attribute }];
    }
    const template = value['Fn::Sub'];
    if (template !== undefined) return subReferences(template);
  }
  return keys.flatMap((key) => references(value[key]));
}

/** `["A", "B.C"]` and `"A.B.C"` both mean attribute `B.C` of `A`. */
export function attributeTarget(value: Json): [name: string, attribute: string] {
  if (Array.isArray(value)) return [String(value[0]), value.slice(1).map(String).join('.')];
  const text = String(value);
  const dot = text.indexOf('.');
  return dot < 0 ? [text, ''] : [text.slice(0, dot), text.slice(dot + 1)];
}

/** The `${…}` of a text, without the literal ones (`${!…}`). */
export function subNames(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)].map(([, name]) => (name ?? '').trim());
}

function subReferences(value: Json): Reference[] {
  const [text, variables] = Array.isArray(value) ? [String(value[0]), value[1]] : [String(value), undefined];
  const own = new Set(isObject(variables) ? Object.keys(variables) : []);
  const inText = subNames(text)
    .filter((name) => !own.has(name))
    .map((name): Reference => {
      if (name.startsWith('AWS::') || !name.includes('.')) return { name };
      const [resource, attribute] = attributeTarget(name);
      return { name: resource, attribute };
    });
  return [...inText, ...references(variables)];
}
