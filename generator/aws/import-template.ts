/**
 * The template of an import: what a stack has, and the resources to take up again. Pure. CloudFormation imports nothing but
 * what is named, and refuses whatever else such a template would change. Source: CloudFormation User Guide, "Import AWS
 * resources into a CloudFormation stack manually" (considerations) and "Create a stack from existing resources": no
 * creations, deletions or changes of properties; each resource to import has a DeletionPolicy; in a new stack each resource
 * is one to import. Outputs and tags of the stack cannot be added either.
 */
import type { Template } from '../diff/template.ts';
import type { Json } from '../modules/contract.ts';
import type { Kept } from './kept.ts';

type JsonMap = { [name: string]: Json };

export interface ImportTemplateOptions {
  kept: readonly Kept[];
  /** Template of the stack, which stays as it is; absent when the stack has none yet. */
  live: Template | undefined;
  /** Fingerprint of what the deployment is made over. */
  over: string;
}

export function importTemplate(fresh: Template, { kept, live, over }: ImportTemplateOptions): string {
  const base = live ?? { ...fresh, Description: description(over) };
  const { Resources: _, Outputs, ...rest } = base as Record<string, Json>;
  const present = (live?.Resources ?? {}) as JsonMap;
  const ids = kept.map(({ resource }) => resource);
  const known = new Set([...Object.keys(present), ...ids, ...definedIn(rest)]);
  const taken = ids.map((id) => [id, definition(fresh.Resources?.[id] as JsonMap, known)]);
  return JSON.stringify({
    ...rest,
    Resources: { ...present, ...Object.fromEntries(taken) },
    ...(live === undefined || Outputs === undefined ? {} : { Outputs }),
  });
}

/**
 * `Retain` whatever the template says: nothing that goes wrong between the import and what follows may delete what is taken
 * up. What refers to a resource that is still to be made is left out, and set by the update that makes it.
 */
function definition({ Properties = {}, DependsOn, ...rest }: JsonMap, known: ReadonlySet<string>): JsonMap {
  const stated = Object.entries(Properties as JsonMap).filter(([, value]) =>
    namesIn(value).every((name) => known.has(name)),
  );
  const before = [DependsOn ?? []].flat().filter((id) => known.has(String(id)));
  return {
    ...rest,
    DeletionPolicy: 'Retain',
    Properties: Object.fromEntries(stated),
    ...(before.length === 0 ? {} : { DependsOn: before }),
  };
}

function definedIn(sections: JsonMap): string[] {
  return ['Parameters', 'Mappings', 'Conditions'].flatMap((section) =>
    Object.keys((sections[section] ?? {}) as JsonMap),
  );
}

/** What a value refers to by name, pseudo parameters aside. */
function namesIn(value: Json): string[] {
  if (value === null || typeof value !== 'object') return [];
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return Object.entries(value).flatMap(([key, inner]) => {
    const first = Array.isArray(inner) ? inner[0] : inner;
    const deeper = namesIn(inner);
    if (typeof first !== 'string') return deeper;
    if (key === 'Ref') return first.startsWith('AWS::') ? [] : [first];
    if (key === 'Fn::GetAtt') return [first.split('.')[0] ?? ''];
    if (key === 'Fn::If' || key === 'Fn::FindInMap') return [first, ...deeper];
    if (key !== 'Fn::Sub') return deeper;
    const own = Array.isArray(inner) ? Object.keys((inner[1] ?? {}) as JsonMap) : [];
    return [...variablesIn(first).filter((name) => !own.includes(name)), ...deeper];
  });
}

/** Source: CloudFormation Template Reference, Fn::Sub: `${!Literal}` is text. */
function variablesIn(text: string): string[] {
  return [...text.matchAll(/\$\{([^!}][^}]*)\}/g)]
    .map(([, variable = '']) => variable.trim().split('.')[0] ?? '')
    .filter((name) => !name.startsWith('AWS::'));
}

const MADE_OVER = 'edgepass: what an earlier stack kept, taken up again; the rest is still to be made over';

/** A stack that has nothing yet but what was taken up says so itself: a run that was cut off there is told from a change. */
function description(over: string): string {
  return `${MADE_OVER} ${over}`;
}

/** Fingerprint that a deployment was made over which took things up and went no further; undefined for any other stack. */
export function begunOver(template: string | undefined): string | undefined {
  return new RegExp(`"Description":"${MADE_OVER} ([0-9a-f]{64})"`).exec(template ?? '')?.[1];
}
