/** What would be deleted, and what was, for people at a terminal. */
import pc from 'picocolors';
import type { Destroyed, DestroyPlan } from '../aws/destroy.ts';

/** Text that ends with a newline. */
export function printDestroyPlan({ environment, account, stacks }: DestroyPlan, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const lines = stacks.flatMap(({ id, name, region, retained }) => [
    `  ${paint.red('−')} ${id} ${paint.dim(`${name}, ${region}`)}`,
    ...retained.map((resource) => `      ${resource.id} ${paint.dim(resource.type)} stays in the account`),
  ]);
  return `${[`Deletes from account ${account}, environment ${paint.bold(environment)}:`, ...lines].join('\n')}\n`;
}

export function printDestroyed({ environment, stacks }: Destroyed, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  if (stacks.length === 0) return `${environment}: no stacks, nothing was done.\n`;
  const width = Math.max(...stacks.map(({ id }) => id.length));
  const kept = stacks.flatMap(({ retained, outcome }) => (outcome === 'deleted' ? retained : []));
  const lines = stacks.map(
    ({ id, outcome }) => `  ${outcome === 'deleted' ? paint.red('−') : '·'} ${id.padEnd(width)}  ${outcome}`,
  );
  const stays = kept.length === 0 ? [] : [`  still in the account: ${kept.map(({ id }) => id).join(', ')}`];
  return `${[paint.bold(environment), ...lines, ...stays].join('\n')}\n`;
}
