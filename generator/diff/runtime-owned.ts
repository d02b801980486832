/** Takes out of a template what the running product changes itself: it is not the template's to compare. */
import type { Json } from '../modules/contract.ts';
import type { ManifestStack } from '../output/manifest.ts';
import type { Template } from './template.ts';

/** A copy without the owned properties; a resource that is owned whole keeps its type. */
export function withoutOwned(template: Template, owned: ManifestStack['runtimeOwned']): Template {
  const copy = structuredClone(template);
  for (const { resource, property } of owned) {
    const found = copy.Resources?.[resource];
    if (!isMap(found)) continue;
    if (property === '*') {
      for (const member of Object.keys(found)) if (member !== 'Type') delete found[member];
    } else remove(found, property.split('.'));
  }
  return copy;
}

function remove(map: { [key: string]: Json }, [first = '', ...rest]: readonly string[]): void {
  const member = map[first];
  if (rest.length === 0) delete map[first];
  else if (isMap(member)) remove(member, rest);
}

function isMap(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
