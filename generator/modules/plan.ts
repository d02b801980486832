/** Stage 4: what will be rendered for one environment. Pure: the same settings give the same plan. */
import { join } from 'node:path';
import { moduleSettings, typedEnvironment } from '../config/environment.ts';
import type { ResolvedEnvironment } from '../config/resolve.ts';
import type { DiagnosticCode } from '../report/codes.ts';
import type { Diagnostic, Outcome } from '../report/diagnostic.ts';
import { outcome } from '../report/diagnostic.ts';
import type { Environment, Json } from './contract.ts';
import type { Module } from './module.ts';
import { orderStacks } from './order.ts';
import type { Plan, PlannedFunction, PlannedStack, Wire } from './plan-types.ts';
import { modulesOf } from './requires.ts';

/** CloudFront, AWS WAF for CloudFront and their certificates, logs and metrics live here. */
export const EDGE_REGION = 'us-east-1';

/** Longest stack name CloudFormation takes. */
const MAX_STACK_NAME = 128;

export function plan(resolved: ResolvedEnvironment, modules: readonly Module[]): Outcome<Plan> {
  const environment = typedEnvironment(resolved);
  const { on, diagnostics } = modulesOf(environment, modules);
  const views = new Map(
    on.map((module) => [module.id, module.contract.view(moduleSettings(resolved, module.id), environment)]),
  );
  const stacks = on.flatMap((module) => moduleStacks(module, environment, views.get(module.id) ?? {}));
  diagnostics.push(...contribute(stacks, on, views), ...wire(stacks, on));
  for (const stack of stacks)
    if (stack.name.length > MAX_STACK_NAME)
      diagnostics.push(
        fault(
          'EP2007',
          environment,
          `The stack name \`${stack.name}\` has more than ${MAX_STACK_NAME} characters.`,
          'Shorten the project or the environment name.',
        ),
      );
  const ordered = orderStacks(stacks);
  diagnostics.push(
    ...ordered.cycles.map((cycle) =>
      fault(
        'EP2004',
        environment,
        `Stacks wait for each other: ${cycle.join(' → ')}.`,
        'Remove one of the imports between them.',
      ),
    ),
  );
  const functions = on.flatMap((module) => moduleFunctions(module, moduleSettings(resolved, module.id), environment));
  return outcome({ environment, stacks: ordered.stacks, functions }, diagnostics);
}

/** `keyValueStoreArn` → `KeyValueStoreArn`: the logical id of an output. */
export function logicalId(name: string): string {
  return name
    .split(/[-.]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('');
}

function moduleStacks(module: Module, environment: Environment, view: Record<string, Json>): PlannedStack[] {
  return Object.entries(module.contract.stacks).map(([name, stack]) => ({
    id: `${module.id}.${name}`,
    module: module.id,
    name: `${environment.project}-${environment.name}-${module.id}-${name}`,
    placement: stack.placement,
    region: stack.placement === 'edge' ? EDGE_REGION : environment.region,
    description: stack.description,
    template: join(module.templates, stack.template),
    view,
    contributions: [],
    wires: [],
    outputs: Object.fromEntries(
      Object.entries(module.contract.outputs)
        .filter(([, output]) => output.stack === name)
        .map(([output, { description }]) => [output, description]),
    ),
    dependsOn: [],
    stateful: module.contract.stateful.filter((s) => s.stack === name).map((s) => s.resource),
    runtimeOwned: module.contract.runtimeOwned
      .filter((owned) => owned.stack === name)
      .map(({ resource, property, because }) => ({ resource, property, because })),
  }));
}

function contribute(
  stacks: PlannedStack[],
  modules: readonly Module[],
  views: ReadonlyMap<string, Record<string, Json>>,
): Diagnostic[] {
  return modules.flatMap((module) =>
    (module.contract.contributes ?? []).flatMap(({ to, template }) => {
      const target = stacks.find((stack) => stack.id === to);
      if (target === undefined)
        return [
          fault(
            'EP2006',
            undefined,
            `Module \`${module.id}\` contributes to \`${to}\`, which is not a stack here.`,
            `Add the module of \`${to}\` to its \`requires\`.`,
          ),
        ];
      target.contributions.push({
        module: module.id,
        template: join(module.templates, template),
        view: views.get(module.id) ?? {},
      });
      return [];
    }),
  );
}

/** Gives every import its producer; a missing one is found here, before AWS is asked. */
function wire(stacks: PlannedStack[], modules: readonly Module[]): Diagnostic[] {
  return modules.flatMap((module) =>
    module.contract.imports.flatMap(({ stack, output }) => {
      const consumer = stacks.find((s) => s.id === `${module.id}.${stack}`);
      const [owner = '', name = ''] = output.split('.');
      const producer = stacks.find((s) => s.module === owner && Object.hasOwn(s.outputs, name));
      if (consumer === undefined || producer === undefined)
        return [
          fault(
            'EP2005',
            undefined,
            `Module \`${module.id}\` imports \`${output}\`, which no stack here has as an output.`,
            `Add \`${owner}\` to its \`requires\`, or correct the name.`,
          ),
        ];
      const wire: Wire = { parameter: logicalId(output), output, from: producer.id };
      consumer.wires.push(wire);
      if (!consumer.dependsOn.includes(producer.id)) consumer.dependsOn.push(producer.id);
      return [];
    }),
  );
}

function moduleFunctions(module: Module, settings: Record<string, Json>, environment: Environment): PlannedFunction[] {
  return Object.entries(module.contract.functions).map(([name, fn]): PlannedFunction => {
    const base = { id: `${module.id}.${name}`, module: module.id, name, entry: join(module.runtime, fn.entry) };
    if (fn.kind === 'lambda') return { ...base, kind: 'lambda', memory: fn.memory, timeout: fn.timeout };
    if (fn.kind === 'site') return { ...base, kind: 'site', headers: fn.headers([]) };
    return { ...base, kind: 'edge-function', ...fn.configure(settings, environment) };
  });
}

function fault(code: DiagnosticCode, environment: Environment | undefined, message: string, hint: string): Diagnostic {
  return { code, severity: 'error', message, hint, ...(environment ? { environment: environment.name } : {}) };
}
