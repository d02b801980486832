/** Compares two templates. What replaces a resource and what a policy allows is the knowledge of `@aws-cdk/cloudformation-diff`. */
import type { DifferenceCollection, IDifference, ResourceDifference, TemplateDiff } from '@aws-cdk/cloudformation-diff';
import type { Json } from '../modules/contract.ts';
import type { ParameterSource } from '../render/format.ts';
import type { Change, EntryChange, PropertyChange, ResourceChange, StackChange } from './change-report.ts';
import type { CodeNames } from './code-names.ts';
import { permissionChanges } from './permission-changes.ts';
import type { Template } from './template.ts';
import { valueChanges } from './value-changes.ts';

export interface TemplateSides {
  old: Template;
  new: Template;
  /** Where the values of parameters come from. */
  sources: Record<'old' | 'new', Readonly<Record<string, ParameterSource>>>;
  nameCode: CodeNames;
}

type Content = Pick<StackChange, 'resources' | 'parameters' | 'outputs' | 'permissions' | 'others'>;

/** Loads the library with its database when it is first needed: that takes longer than the rest of a run. */
export async function compareTemplates({ old, new: fresh, sources, nameCode }: TemplateSides): Promise<Content> {
  const { fullDiff } = await import('@aws-cdk/cloudformation-diff');
  const found = fullDiff(withSources(old, sources.old), withSources(fresh, sources.new));
  return {
    resources: byChange(found.resources).map(([id, difference]) => resourceChange(id, { difference, nameCode })),
    parameters: entryChanges(found.parameters),
    outputs: entryChanges(found.outputs),
    permissions: permissionChanges(found.iamChanges),
    others: otherChanges(found),
  };
}

/** A parameter that takes its value from elsewhere is a changed parameter. */
function withSources(template: Template, sources: Readonly<Record<string, ParameterSource>>): Template {
  const parameters = Object.entries(template.Parameters ?? {}).map(([name, definition]): [string, Json] => {
    const source = sources[name];
    const text = source === undefined || 'default' in source ? undefined : sourceText(source);
    return [name, text === undefined ? definition : { ...(definition as object), source: text }];
  });
  return parameters.length === 0 ? template : { ...template, Parameters: Object.fromEntries(parameters) };
}

function sourceText(source: Exclude<ParameterSource, { default: Json }>): string {
  return 'output' in source ? `output ${source.output} of ${source.from}` : 'artifact bucket';
}

interface Found {
  difference: ResourceDifference;
  nameCode: CodeNames;
}

function resourceChange(id: string, { difference, nameCode }: Found): ResourceChange {
  const impact = String(difference.changeImpact);
  const type = difference.newResourceType ?? difference.oldResourceType ?? '';
  if (difference.isAddition) return { id, type, change: 'added', properties: [] };
  if (difference.isRemoval) {
    return { id, type, change: 'removed', ...(impact === 'WILL_ORPHAN' ? { retained: true } : {}), properties: [] };
  }
  const change = ({ WILL_REPLACE: 'replaced', MAY_REPLACE: 'maybe-replaced' } as const)[impact] ?? 'changed';
  const policy = difference.newValue?.UpdateReplacePolicy;
  const retained = change !== 'changed' && policy === 'Retain' ? { retained: true as const } : {};
  return { id, type, change, ...retained, properties: propertyChanges(difference, nameCode) };
}

function propertyChanges(difference: ResourceDifference, nameCode: CodeNames): PropertyChange[] {
  const attributes = byName(difference.otherChanges).map(([name, other]) => ({ name, other, replaces: {} }));
  const properties = byName(difference.propertyUpdates).map(([name, other]) => {
    const replaces = { WILL_REPLACE: 'always', MAY_REPLACE: 'maybe' } as const;
    const impact = replaces[String(other.changeImpact) as keyof typeof replaces];
    return { name, other, replaces: impact === undefined ? {} : { replaces: impact } };
  });
  return [...properties, ...attributes].flatMap(({ name, other, replaces }) =>
    valueChanges({ old: other.oldValue as Json, new: other.newValue as Json }, name).map(
      ({ path, ...values }): PropertyChange => ({
        path,
        ...('old' in values ? { old: nameCode(values.old) as Json } : {}),
        ...('new' in values ? { new: nameCode(values.new) as Json } : {}),
        ...replaces,
      }),
    ),
  );
}

function otherChanges({ conditions, mappings, metadata, description, transform }: TemplateDiff): EntryChange[] {
  const texts = Object.entries({ Description: description, Transform: transform }).flatMap(([name, difference]) =>
    difference?.isDifferent ? [entryChange(name, difference)] : [],
  );
  return [...texts, ...entryChanges(conditions), ...entryChanges(mappings), ...entryChanges(metadata)];
}

function entryChanges<V, T extends IDifference<V>>(collection: DifferenceCollection<V, T>): EntryChange[] {
  return byChange(collection).map(([name, difference]) => entryChange(name, difference));
}

function entryChange(name: string, difference: IDifference<unknown>): EntryChange {
  const change: Change = difference.isAddition ? 'added' : difference.isRemoval ? 'removed' : 'changed';
  const values = { old: difference.oldValue as Json | undefined, new: difference.newValue as Json | undefined };
  return { name, change, values: change === 'changed' ? valueChanges(values) : [] };
}

/** Removed, added, changed; within each by name, so that the order of a template's text does not matter. */
function byChange<V, T extends IDifference<V>>(collection: DifferenceCollection<V, T>): [string, T][] {
  const rank = (difference: T): number => (difference.isRemoval ? 0 : difference.isAddition ? 1 : 2);
  return Object.entries(collection.changes).sort(([a, x], [b, y]) => rank(x) - rank(y) || (a < b ? -1 : a > b ? 1 : 0));
}

function byName<T>(map: Record<string, T>): [string, T][] {
  return Object.entries(map).sort(([a], [b]) => compareNames(a, b));
}

/** By code unit: the order must not depend on the locale. */
function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
