/** The findings of `doctor` for people at a terminal. */
import pc from 'picocolors';
import type { Check } from '../aws/doctor-check.ts';

/** Text that ends with a newline. */
export function printChecks(checks: readonly Check[], { color }: { color: boolean }): string {
  const paint = pc.createColors(color);
  const width = Math.max(...checks.map(({ name }) => name.length));
  const marks = { ok: paint.green('ok     '), warning: paint.yellow('warning'), problem: paint.red('problem') };
  const lines = checks.flatMap(({ name, state, message, remedy, lines: details = [] }) => [
    `${marks[state]}  ${name.padEnd(width)}  ${clean(message)}`,
    ...details.map((line) => `           ${(line.startsWith('+') ? paint.red : paint.green)(clean(line))}`),
    ...(remedy === undefined ? [] : [`         ${paint.cyan('→')} ${clean(remedy)}`]),
  ]);
  const count = (state: Check['state']): number => checks.filter((check) => check.state === state).length;
  const sum = `${count('ok')} ok, ${count('warning')} to look at, ${count('problem')} to mend`;
  return `${[...lines, '', sum].join('\n')}\n`;
}

function clean(text: string): string {
  return text.replace(/\p{Cc}/gu, ' ');
}
