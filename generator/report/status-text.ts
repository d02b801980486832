/** What stands in AWS, for people at a terminal. */
import pc from 'picocolors';
import type { StatusReport } from '../aws/status.ts';

/** Text that ends with a newline. */
export function printStatus(report: StatusReport, { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const { environment, account, local, deployed, lock, stacks } = report;
  const ids = Math.max(...stacks.map(({ id }) => id.length), 1);
  const states = Math.max(...stacks.map(({ status }) => status.length), 1);
  const lines = stacks.flatMap(({ id, name, region, status, updated = '', outputs, advice }) => [
    `  ${id.padEnd(ids)}  ${paintState(status, paint)(status.padEnd(states))}  ${updated.slice(0, 19)}  ${paint.dim(`${name}, ${region}`)}`,
    ...(advice === undefined ? [] : [`    ${paint.yellow(advice)}`]),
    ...Object.entries(outputs).map(([output, value]) => `    ${paint.dim(output)} ${clean(value)}`),
  ]);
  const same = deployed?.manifest === local;
  const record =
    deployed === undefined
      ? 'no deployment on record'
      : `deployed ${deployed.manifest.slice(0, 12)} at ${deployed.at.slice(0, 19)}${same ? ', which is the local output' : ''}`;
  return [
    `${paint.bold(environment)} ${paint.dim(`account ${account}`)}`,
    `  ${record}${same ? '' : `; local output ${local.slice(0, 12)}`}`,
    ...(lock === undefined
      ? []
      : [paint.yellow(`  ${lock.who} runs \`edgepass ${lock.command}\` since ${lock.since}`)]),
    ...lines,
    '',
  ].join('\n');
}

function paintState(status: string, paint: ReturnType<typeof pc.createColors>): (text: string) => string {
  if (/FAILED|ROLLBACK/.test(status)) return paint.red;
  return status.endsWith('_COMPLETE') ? paint.green : paint.yellow;
}

function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
