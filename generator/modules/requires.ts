/** Which modules are on in an environment, in the order in which they build on each other. */
import type { Diagnostic } from '../report/diagnostic.ts';
import type { Environment } from './contract.ts';
import type { Module } from './module.ts';
import { orderStacks } from './order.ts';

/** Modules that are on, required ones first. Missing requirements and circles are diagnostics. */
export function modulesOf(
  environment: Environment,
  modules: readonly Module[],
): { on: Module[]; diagnostics: Diagnostic[] } {
  const on = modules.filter((module) => environment.modules.includes(module.id));
  const ids = new Set(on.map((module) => module.id));
  const diagnostics: Diagnostic[] = on.flatMap((module) =>
    module.contract.requires
      .filter((id) => !ids.has(id))
      .map((id) => ({
        code: 'EP2003',
        severity: 'error',
        message: `Module \`${module.id}\` requires module \`${id}\`, which is off.`,
        hint: `Add \`${id}: {}\` under \`modules\`.`,
        path: `/modules/${module.id}`,
        environment: environment.name,
      })),
  );
  const { stacks, cycles } = orderStacks(
    on.map((module) => ({ id: module.id, dependsOn: module.contract.requires, module })),
  );
  diagnostics.push(
    ...cycles.map(
      (cycle): Diagnostic => ({
        code: 'EP2004',
        severity: 'error',
        message: `Modules require each other: ${cycle.join(' → ')}.`,
        hint: 'Remove one of the requirements in their `module.ts`.',
        environment: environment.name,
      }),
    ),
  );
  return { on: stacks.map((item) => item.module), diagnostics };
}
