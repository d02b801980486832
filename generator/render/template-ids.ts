/** Checks the outputs and functions that templates name against the plan. */
import { type Bundle, isPackaged } from '../bundle/bundle-types.ts';
import type { PlannedStack } from '../modules/plan-types.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import { nearest } from '../report/nearest.ts';
import type { IdReference } from './lint-log.ts';

/** References to outputs that the stack does not import, and to functions that do not exist or are of another kind. */
export function checkIds(
  ids: readonly IdReference[],
  { stack, bundles }: { stack: PlannedStack; bundles: ReadonlyMap<string, Bundle> },
): Diagnostic[] {
  return ids.flatMap(({ helper, id, place }) => {
    const fault = (says: { code: 'EP4006' | 'EP4008'; message: string; hint: string }): Diagnostic[] => [
      { severity: 'error', ...says, place },
    ];
    const meant = (known: string[]) => {
      const word = nearest(id, known);
      return word ? `Did you mean ${word}?` : undefined;
    };
    if (helper === 'output') {
      const imports = stack.wires.map((wire) => wire.output);
      if (imports.includes(id)) return [];
      const message = `Stack ${stack.id} does not import ${id}`;
      return fault({ code: 'EP4006', message, hint: meant(imports) ?? 'Add it to imports of module.ts.' });
    }
    const bundle = bundles.get(id);
    if (!bundle) {
      const hint = meant([...bundles.keys()]) ?? 'Add it to functions of module.ts.';
      return fault({ code: 'EP4008', message: `There is no function ${id}`, hint });
    }
    if (isPackaged(bundle.kind) === (helper === 'asset')) return [];
    const hint = helper === 'code' ? `Write {{asset '${id}'}}.` : `Write {{code '${id}'}}.`;
    return fault({ code: 'EP4008', message: `${id} is of kind ${bundle.kind}`, hint });
  });
}

/** Imports of the stack that none of its templates reads. */
export function unusedImports(ids: readonly IdReference[], stack: PlannedStack): Diagnostic[] {
  const used = new Set(ids.filter(({ helper }) => helper === 'output').map(({ id }) => id));
  return stack.wires
    .filter((wire) => !used.has(wire.output))
    .map((wire) => ({
      code: 'EP4007',
      severity: 'error',
      message: `Stack ${stack.id} imports ${wire.output}, but none of its templates uses it`,
      hint: `Write {{output '${wire.output}'}}, or take it out of imports in module.ts.`,
      place: { file: stack.template },
    }));
}
