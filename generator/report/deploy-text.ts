/** What a deployment did, for people at a terminal. */
import pc from 'picocolors';
import type { DeployReport } from '../aws/deploy.ts';

/** Text that ends with a newline. */
export function printDeployed({ environment, manifest, stacks }: DeployReport, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const marks = {
    created: paint.green('+'),
    updated: paint.yellow('~'),
    unchanged: paint.dim('='),
    failed: paint.red('✖'),
    'not-started': paint.dim('·'),
  };
  if (stacks.every(({ outcome }) => outcome === 'unchanged'))
    return `${environment}: no changes, nothing was done (${manifest.slice(0, 12)}).\n`;
  const width = Math.max(...stacks.map(({ id }) => id.length));
  const lines = stacks.map(
    ({ id, name, region, outcome }) =>
      `  ${marks[outcome]} ${id.padEnd(width)}  ${outcome}  ${paint.dim(`${name}, ${region}`)}`,
  );
  const takenUp = stacks.flatMap((stack) => stack.takenUp ?? []);
  const again =
    takenUp.length === 0
      ? ''
      : `  taken up again, with what they hold: ${takenUp.join(', ')}. \`edgepass drift --env ${environment}\` says whether they still are as the templates say.\n`;
  return `${paint.bold(environment)} ${paint.dim(manifest.slice(0, 12))}\n${lines.join('\n')}\n${again}`;
}
