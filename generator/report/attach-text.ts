/** Changes to a distribution for people at a terminal. */
import pc from 'picocolors';
import type { BehaviorChange } from '../aws/attach-change.ts';

/** Text that ends with a newline. */
export function printAttach(
  changes: readonly BehaviorChange[],
  { distribution, color }: { distribution: string; color: boolean },
): string {
  const paint = pc.createColors(color);
  const lines = changes.flatMap(({ behavior, origin, open, fields }) => [
    `  ${paint.bold(clean(behavior))}  ${paint.dim(`origin ${clean(origin)}`)}${open ? paint.yellow('  no token check now') : ''}`,
    ...fields.flatMap(({ field, before, after }) => [
      paint.red(`    - ${field}: ${clean(before)}`),
      paint.green(`    + ${field}: ${clean(after)}`),
    ]),
  ]);
  return [`${paint.bold(distribution)}`, ...lines, '  Nothing else is touched.', ''].join('\n');
}

function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
