/** Why a property changes: as an edit of the template, through a parameter, or because of another resource. */
import type { ChangeSource, EvaluationType } from '@aws-sdk/client-cloudformation';
import { equal, isObject, type Json, tokens } from '../json.ts';
import { type Reference, references } from './references.ts';

export interface Cause {
  evaluation: EvaluationType;
  source: ChangeSource;
  entity?: string;
}

export interface Surroundings {
  changedParameters: ReadonlySet<string>;
  /** Resources whose physical id may be another one afterwards. */
  replaced: ReadonlySet<string>;
}

/** `before` and `after` are the values as the templates write them, not yet evaluated; `path` leads to the changed part. */
export function causesOf(
  path: string,
  { before, after }: { before: Json | undefined; after: Json | undefined },
  { changedParameters, replaced }: Surroundings,
): Cause[] {
  const node = reach(after, path);
  const names = references(node);
  const resources = unique(names.filter(({ name }) => replaced.has(name)));
  if (resources.length > 0) {
    return resources.map(({ name, attribute }) =>
      attribute === undefined
        ? { evaluation: 'Dynamic', source: 'ResourceReference', entity: name }
        : { evaluation: 'Dynamic', source: 'ResourceAttribute', entity: `${name}.${attribute}` },
    );
  }
  const parameters = unique(names.filter(({ name }) => changedParameters.has(name)));
  if (parameters.length === 0 || !equal(reach(before, path), node))
    return [{ evaluation: 'Static', source: 'DirectModification' }];
  return [
    { evaluation: 'Dynamic', source: 'DirectModification' },
    ...parameters.map(({ name }): Cause => ({ evaluation: 'Static', source: 'ParameterReference', entity: name })),
  ];
}

/** As far down as the path leads through plain maps and lists; a function call ends it. */
function reach(value: Json | undefined, path: string): Json | undefined {
  let at = value;
  for (const token of tokens(path)) {
    let next: Json | undefined;
    if (Array.isArray(at)) next = at[Number(token)];
    else if (isObject(at)) next = at[token];
    if (next === undefined) return at;
    at = next;
  }
  return at;
}

function unique(names: Reference[]): Reference[] {
  return [...new Map(names.map((one) => [`${one.name}.${one.attribute ?? ''}`, one])).values()];
}
