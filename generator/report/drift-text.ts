/** Drift and its healing, for people at a terminal. */
import pc from 'picocolors';
import type { DriftReport, StackDrift } from '../aws/drift.ts';
import type { HealPlan } from '../aws/heal.ts';
import { shortPair, shortValue } from './short-value.ts';

type Paint = ReturnType<typeof pc.createColors>;

/** Text that ends with a newline. */
export function printDrift({ environment, stacks, drifted }: DriftReport, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const lines = stacks.flatMap((stack) => stackLines(stack, paint).map((line) => `  ${line}`));
  const verdict = drifted ? [] : ['  No drift.'];
  return `${[paint.bold(environment), ...lines, ...verdict].join('\n')}\n`;
}

function stackLines({ id, status, state = '', resources, owned }: StackDrift, paint: Paint): string[] {
  const note = owned.length === 0 ? '' : paint.dim(` (${owned.length} owned by the running product, left alone)`);
  if (status === 'absent') return [`${paint.dim('·')} ${id} ${paint.dim('not deployed')}`];
  if (status === 'not-checked') return [`${paint.yellow('?')} ${id} ${paint.yellow(`not checked: ${state}`)}`];
  if (status === 'in-sync') return [`${paint.green('=')} ${id}${note}`];
  return [
    `${paint.yellow('~')} ${paint.bold(id)}${note}`,
    ...resources.flatMap((resource) => {
      const { place } = resource;
      const where = place === undefined ? '' : ` (${place.file}:${place.line})`;
      const what = resource.change === 'deleted' ? paint.red(' was deleted') : '';
      return [
        `  ${paint.yellow('~')} ${resource.id} ${paint.dim(`${resource.type}${where}`)}${what}`,
        ...resource.properties.map((property) => `      ${propertyText(property, paint)}`),
      ];
    }),
  ];
}

function propertyText(property: StackDrift['resources'][number]['properties'][number], paint: Paint): string {
  const { path, expected, actual } = property;
  if (actual === undefined) return `${path}: ${shortValue(expected)} ${paint.red('is missing')}`;
  if (expected === undefined) return `${path}: ${shortValue(actual)} ${paint.yellow('was added')}`;
  const [old, live] = shortPair(expected, actual);
  return `${path}: ${old} in the template, ${live} live`;
}

/** What would be executed. */
export function printHealing(plans: readonly HealPlan[], { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const lines = plans.flatMap(({ stack, resources }) => [
    `Healing ${paint.bold(stack.id)} would change:`,
    ...resources.flatMap(({ id, type, action, properties }) => [
      `  ${paint.yellow('~')} ${id} ${paint.dim(type)} ${action}`,
      ...properties.map(({ path, before, after }) => {
        const [old, fresh] = shortPair(before, after);
        return `      ${path}: ${old} → ${fresh}`;
      }),
    ]),
  ]);
  return `${lines.join('\n')}\n`;
}
