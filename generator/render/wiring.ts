/** Adds to a merged template what helpers declared (parameters) and what the plan knows (descriptions of outputs). */
import type { Json } from '../modules/contract.ts';
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Merged } from './contribute.ts';
import type { ParameterSource, StackContext } from './format.ts';
import { pascal } from './pascal.ts';

/** Adds declared parameters and output descriptions in place; returns where each parameter's value comes from. */
export function wire(
  { template, placeOf }: Merged,
  { stack, parameters }: StackContext,
): { sources: { name: string; source: ParameterSource }[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const own = template.Parameters ?? {};
  const sources = new Map<string, ParameterSource>();
  for (const [name, definition] of Object.entries(own)) {
    const value: Json =
      definition !== null && typeof definition === 'object' && !Array.isArray(definition)
        ? (definition.Default ?? null)
        : null;
    sources.set(name, { default: value });
  }
  for (const [name, { definition, source }] of parameters) {
    if (Object.hasOwn(own, name)) {
      const place = placeOf(own[name]);
      diagnostics.push({
        code: 'EP4021',
        severity: 'error',
        message: `${stack.id}: parameter ${name} is defined by the template and by a helper`,
        hint: 'Take it out of the template: helpers declare the parameters they need.',
        ...(place && { place }),
      });
    }
    own[name] = definition;
    sources.set(name, source);
  }
  const names = [...sources.keys()].sort();
  if (names.length > 0) template.Parameters = Object.fromEntries(names.map((name) => [name, own[name] as Json]));

  for (const [name, description] of Object.entries(stack.outputs)) {
    const output = template.Outputs?.[pascal(name)];
    if (output === null || typeof output !== 'object' || Array.isArray(output)) continue;
    output.Description ??= description;
  }
  return { sources: names.map((name) => ({ name, source: sources.get(name) as ParameterSource })), diagnostics };
}
