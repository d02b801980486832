/** A check for people at a terminal: step by step, the verdict, and what the origin or the viewer gets. */
import pc from 'picocolors';
import type { Step, Trace } from '../../../runtime/verify/trace.ts';
import { utc } from '../../report/time-text.ts';
import type { Checked } from './check-request.ts';
import { withoutTokens } from './mask.ts';
import { hintFor } from './reason-hints.ts';
import { verdictLine } from './verdict-text.ts';

/** Longest line; details are folded below themselves. */
const WIDTH = 110;
const MARKS = { passed: '✓', failed: '✗', skipped: '·' } as const;

type Paint = ReturnType<typeof pc.createColors>;

/** Text that ends with a newline and has no token in it. */
export function printTrace({ trace, environment, url, asked }: Omit<Checked, 'diagnostics'>, color: boolean): string {
  const paint = pc.createColors(color);
  const query = url.query === undefined ? '' : `?${url.query}`;
  const where = trace.stream === undefined ? [] : [`stream ${trace.stream} (${trace.mode})`];
  const lines = [
    paint.bold(`${asked.method} ${url.scheme}${url.host}${url.path}${query}`),
    paint.dim([`${environment.project}/${environment.name}`, ...where, utc(asked.now)].join(' · ')),
    '',
    ...stepLines(trace.steps, paint),
    ...(trace.outcome === 'refused' ? [paint.dim(`      ${MARKS.skipped} what comes after it was not looked at`)] : []),
    '',
    verdict(trace, paint),
  ];
  if (trace.reason !== '')
    lines.push(
      ...fold(`  hint: ${hintFor(trace.reason, asked)}`, 8).map((line) => line.replace('hint:', paint.green('hint:'))),
    );
  lines.push(...forwardedLines(trace, asked.method), ...responseLines(trace));
  return withoutTokens(`${lines.map(printable).join('\n')}\n`);
}

function stepLines(steps: readonly Step[], paint: Paint): string[] {
  const words = Math.max(0, ...steps.map(({ check }) => check.length));
  return steps.flatMap(({ number, check, outcome, detail }) => {
    const paintOf = { passed: paint.green, failed: paint.red, skipped: paint.dim }[outcome];
    const head = `${String(number).padStart(4)}  ${MARKS[outcome]} ${outcome.padEnd(7)}  ${check.padEnd(words)}  `;
    const [first = '', ...more] = fold(`${head}${detail}`, head.length);
    const text = first.slice(head.length);
    const shown =
      outcome === 'skipped' ? [paint.dim(first), ...more.map(paint.dim)] : [`${paintOf(head)}${text}`, ...more];
    return shown;
  });
}

function verdict(trace: Trace, paint: Paint): string {
  const line = paint.bold(verdictLine(trace));
  if (trace.outcome === 'refused') return paint.red(line);
  return trace.reason === '' ? paint.green(line) : paint.yellow(line);
}

/** The request that reaches the origin, in the order in which HTTP has it. */
function forwardedLines({ forwarded }: Trace, method: string): string[] {
  if (forwarded === undefined) return [];
  const { uri, headers, querystring, cookies, origin } = forwarded;
  const pairs = Object.entries(querystring).flatMap(([name, field]) =>
    valuesOf(field).map((value) => `${name}=${value}`),
  );
  const sent = Object.entries(headers).flatMap(([name, field]) =>
    valuesOf(field).map((value) => `  ${name}: ${value}`),
  );
  const crumbs = Object.entries(cookies).flatMap(([name, field]) => valuesOf(field).map((value) => `${name}=${value}`));
  return [
    '',
    `what is left for ${origin === undefined ? 'cache and origin' : `cache and origin "${origin}"`}:`,
    `  ${method} ${uri}${pairs.length > 0 ? `?${pairs.join('&')}` : ''}`,
    ...sent,
    ...(crumbs.length > 0 ? [`  cookie: ${crumbs.join('; ')}`] : []),
  ];
}

function responseLines({ response }: Trace): string[] {
  if (response === undefined) return [];
  const { statusCode, statusDescription, headers } = response;
  const sent = Object.entries(headers).flatMap(([name, field]) =>
    valuesOf(field).map((value) => `  ${name}: ${value}`),
  );
  return ['', 'what the viewer gets:', `  ${statusCode} ${statusDescription}`, ...sent];
}

function valuesOf({ value, multiValue }: { value: string; multiValue?: { value: string }[] }): string[] {
  return multiValue === undefined ? [value] : multiValue.map((each) => each.value);
}

/** Breaks a text at spaces; lines after the first are indented. */
function fold(text: string, indent: number): string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > WIDTH) {
    const at = rest.lastIndexOf(' ', WIDTH);
    if (at <= indent) break;
    lines.push(rest.slice(0, at));
    rest = `${' '.repeat(indent)}${rest.slice(at + 1)}`;
  }
  return [...lines, rest];
}

/** No control character of a request may drive the terminal; escapes of our own colors stay. */
function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what has to go
  return text.replace(/\u001b(?!\[\d+m)|[\u0000-\u001a\u001c-\u001f\u007f-\u009f\u2028\u2029]/g, '\ufffd');
}
