/** What the running product changes itself: which property that is, and whether a new template would undo it. Pure. */
import type { Template } from '../diff/template.ts';
import { sameJson } from '../diff/value-changes.ts';
import type { Json } from '../modules/contract.ts';
import type { ManifestStack } from '../output/manifest.ts';

export type Owned = ManifestStack['runtimeOwned'];

/**
 * Whether a change of `path` (dotted, below `Properties`) touches what is owned: the owned property itself, a part of
 * it, or something it is a part of. `property: '*'` owns the whole resource.
 */
export function isOwned(owned: Owned, { resource, path }: { resource: string; path: string }): boolean {
  return owned.some((one) => {
    if (one.resource !== resource) return false;
    if (one.property === '*') return true;
    const [a, b] = [names(one.property.replace(/^Properties\./, '')), names(path)];
    return a.slice(0, b.length).every((name, index) => name === b[index]);
  });
}

/** Why the running product owns it. */
export function reasonOf(owned: Owned, resource: string): string {
  return owned.find((one) => one.resource === resource)?.because ?? '';
}

/** Owned properties for which the new template of an existing resource has another value than the old one. */
export function ownedChanges(owned: Owned, sides: { old: Template; new: Template }): Owned {
  return owned.filter(({ resource, property }) => {
    const [old, fresh] = [sides.old.Resources?.[resource], sides.new.Resources?.[resource]];
    if (old === undefined || fresh === undefined) return false;
    if (property === '*') return !sameJson(old, fresh);
    const path = property.split('.');
    return !sameJson(at(old, path), at(fresh, path));
  });
}

function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, name) => {
    if (inner === null || typeof inner !== 'object' || Array.isArray(inner)) return undefined;
    return Object.hasOwn(inner, name) ? inner[name] : undefined;
  }, value);
}

function names(path: string): string[] {
  return path.split(/[.[\]]+/).filter((name) => name !== '');
}
