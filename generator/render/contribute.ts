/** Merges the fragments that other modules add to a stack. */

import type { Json } from '../modules/contract.ts';
import type { Diagnostic, Place } from '../report/diagnostic.ts';
import { pascal } from './pascal.ts';

export type Section = { [name: string]: Json };
export type TemplateObject = { [section: string]: Section };

/** What one module gives to a stack. */
export interface Fragment {
  module: string;
  template: TemplateObject;
  places: WeakMap<object, Place>;
}

export interface Merged {
  template: TemplateObject;
  diagnostics: Diagnostic[];
  /** Module of each resource. */
  moduleOf: Map<string, string>;
  placeOf(part: unknown): Place | undefined;
}

/** Merges fragments section by section; the first is the stack's own. A name can be defined by one module only. */
export function mergeFragments(fragments: readonly Fragment[]): Merged {
  const template: TemplateObject = {};
  const diagnostics: Diagnostic[] = [];
  const owners = new Map<string, string>();
  const moduleOf = new Map<string, string>();

  for (const { module, template: part, places } of fragments) {
    for (const [section, entries] of Object.entries(part)) {
      template[section] ??= {};
      for (const [name, entry] of Object.entries(entries)) {
        const owner = owners.get(`${section}.${name}`);
        if (owner !== undefined) {
          const place = entry !== null && typeof entry === 'object' ? places.get(entry) : undefined;
          diagnostics.push(collision({ section, name, modules: [owner, module], place }));
          continue;
        }
        owners.set(`${section}.${name}`, module);
        if (section === 'Resources') moduleOf.set(name, module);
        template[section][name] = entry;
      }
    }
  }
  const placeOf = (part: unknown): Place | undefined => {
    if (part === null || typeof part !== 'object') return undefined;
    for (const { places } of fragments) {
      const place = places.get(part);
      if (place) return place;
    }
    return undefined;
  };
  return { template, diagnostics, moduleOf, placeOf };
}

function collision(args: {
  section: string;
  name: string;
  modules: [string, string];
  place: Place | undefined;
}): Diagnostic {
  const { section, name, modules, place } = args;
  return {
    code: 'EP4021',
    severity: 'error',
    message: `${name} (${section}) is defined by module ${modules[0]} and by module ${modules[1]}`,
    hint: `Put the module's name in front: ${pascal(modules[1])}${name}.`,
    ...(place && { place }),
  };
}
