/**
 * Looks at everything that is written in the process of a test file: console, standard output, standard error. Functions of AWS
 * Lambda log by these, and what they log goes to CloudWatch.
 */
import { expect, vi } from 'vitest';
import { secretIn } from './known-secrets.ts';

export interface Watched {
  /** How many lines were looked at. */
  lines: number;
  /** How many of them held a secret. */
  secrets: number;
  /** The first of these: what it held, in which test. */
  found: string[];
  /** Whoever wants to see the lines too. */
  listeners: Set<(line: string) => void>;
}

const WATCHED = Symbol.for('edgepass log watch');
const shared = globalThis as { [WATCHED]?: Watched };

/** Also what Powertools takes, where it is told to (`POWERTOOLS_DEV`). */
const output = globalThis.console;

/** What functions log is not shown in the terminal: nobody reads thousands of lines. `LOGS=1` shows it. */
const OF_FUNCTIONS =
  /^(\{"level":"|\{"_aws":\{|Namespace should be defined, default used|No application metrics to publish)/;

export function watched(): Watched {
  shared[WATCHED] ??= start();
  return shared[WATCHED];
}

const SHOWN = 20;

/** Looks at a text that is not written here, but would be in AWS. */
export function lookAt(text: string): void {
  const state = watched();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    state.lines += 1;
    for (const listener of state.listeners) listener(line);
    const what = secretIn(line);
    if (what === undefined) continue;
    state.secrets += 1;
    // Not the line itself: it would be in the log of the tests.
    if (state.found.length < SHOWN)
      state.found.push(`${expect.getState().currentTestName ?? 'no test'}: ${what} in ${line.slice(0, 40)}…`);
  }
}

/** Lines that are written from now on, until the end of the test. */
export function listen(): string[] {
  const lines: string[] = [];
  watched().listeners.add((line) => lines.push(line));
  return lines;
}

interface Stream {
  write(chunk: unknown, ...more: unknown[]): boolean;
}

function start(): Watched {
  const state: Watched = { lines: 0, secrets: 0, found: [], listeners: new Set() };
  // The console of vitest has streams of its own.
  const { _stdout, _stderr } = output as unknown as { _stdout?: Stream; _stderr?: Stream };
  const streams = new Set<Stream | undefined>([process.stdout as Stream, process.stderr as Stream, _stdout, _stderr]);
  for (const stream of streams) {
    if (stream === undefined) continue;
    const write = stream.write.bind(stream);
    stream.write = (chunk, ...more) => {
      const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString();
      lookAt(text);
      if (process.env.LOGS === undefined && OF_FUNCTIONS.test(text)) {
        const done = more.find((one) => typeof one === 'function') as (() => void) | undefined;
        done?.();
        return true;
      }
      return write(chunk, ...more);
    };
  }
  return state;
}

/** What keeps lines from being looked at: somebody took the place of what writes them. */
export function hidden(): string[] {
  const methods = (['debug', 'error', 'info', 'log', 'warn'] as const).filter((name) =>
    vi.isMockFunction(output[name]),
  );
  const streams = (['stdout', 'stderr'] as const).filter((name) => vi.isMockFunction(process[name].write));
  return [
    ...methods.map((name) => `console.${name} is replaced`),
    ...streams.map((name) => `process.${name}.write is replaced`),
    ...(process.env.POWERTOOLS_LOG_LEVEL === 'SILENT' ? ['POWERTOOLS_LOG_LEVEL is SILENT'] : []),
    ...(process.env.POWERTOOLS_METRICS_DISABLED === 'true' ? ['POWERTOOLS_METRICS_DISABLED is set'] : []),
  ];
}
