/**
 * Runs an edge function under njs, the engine next to CloudFront's that one can install. One process takes all calls, one
 * after the other; each runs the text from its first line. A process that does not answer in time is ended and made anew.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MAX_EDGE_BYTES } from '../bundle/edge-runtime.ts';
import { type EdgeCall, type EdgeResult, type EdgeStore, type Engine, splitText } from './engine.ts';
import { CLOUDFRONT, LINES } from './njs-text.ts';

/** Milliseconds that njs gets for one call: the process has to be scheduled, and it is an interpreter. */
const PATIENCE = 2_000;

export interface NjsEngineOptions {
  text: string;
  store: EdgeStore;
  /** Name of the program. */
  program?: string;
  /** What CloudFront takes, if no other is given. */
  maxBytes?: number;
}

interface Waiting {
  call: EdgeCall;
  done(result: EdgeResult): void;
}

/** A program that runs, and what is known of it. */
interface Running {
  process: ChildProcessWithoutNullStreams;
  /** Version of the store that it was told. */
  told: number;
  /** Text of a line that is not complete. */
  partial: string;
  /** Pieces of an answer that is not complete. */
  pieces: string;
  errors: string;
  timer?: NodeJS.Timeout;
}

export function njsEngine(options: NjsEngineOptions): Engine {
  const { text, store, program = 'njs', maxBytes = MAX_EDGE_BYTES } = options;
  if (Buffer.byteLength(text) > maxBytes) throw new Error(`the function has more than ${maxBytes} bytes`);
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-dev-'));
  const script = join(folder, 'function.js');
  writeFileSync(join(folder, 'cloudfront'), CLOUDFRONT);
  const { imports, body } = splitText(text);
  const head = imports.map(([local, module]) => `import ${local} from '${module}';`).join('\n');
  writeFileSync(script, `${head}\nfunction load() {${body}\nreturn handler;}\n${LINES}`);
  const queue: Waiting[] = [];
  let running: Running | undefined;

  const start = (): Running => {
    const process = spawn(program, ['-p', folder, script], { stdio: 'pipe' });
    const made: Running = { process, told: -1, partial: '', pieces: '', errors: '' };
    process.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (made.partial + chunk).split('\n');
      made.partial = lines.pop() ?? '';
      for (const line of lines) {
        made.pieces += line.slice(1);
        if (line[0] !== '=') continue;
        const answer = JSON.parse(made.pieces) as EdgeResult;
        made.pieces = '';
        settle(made, answer);
      }
    });
    process.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      made.errors = (made.errors + chunk).slice(0, 1_000);
    });
    // A broken pipe is told by the end of the process as well.
    process.stdin.on('error', () => {});
    process.on('error', (error) => ended(made, error.message));
    process.on('close', () => ended(made, made.errors.trim() || 'no answer'));
    return made;
  };

  /** The answer to the first in the queue. */
  const settle = (from: Running, result: EdgeResult): void => {
    if (from !== running) return;
    clearTimeout(from.timer);
    queue.shift()?.done({ ...result, logs: result.logs ?? [], reads: result.reads ?? [] });
    next();
  };

  const ended = (from: Running, why: string): void => {
    if (from !== running) return;
    clearTimeout(from.timer);
    running = undefined;
    queue.shift()?.done({ threw: why, logs: [], reads: [] });
    next();
  };

  const next = (): void => {
    const first = queue[0];
    if (first === undefined) return;
    running ??= start();
    const to = running;
    if (to.told !== store.version) {
      to.told = store.version;
      to.process.stdin.write(lineOf({ store: Object.fromEntries(store.entries()) }));
    }
    to.process.stdin.write(lineOf({ call: first.call }));
    to.timer = setTimeout(() => {
      to.errors = `stopped after ${PATIENCE} ms`;
      to.process.kill('SIGKILL');
    }, PATIENCE);
  };

  return {
    name: 'njs',
    run: (call) =>
      new Promise((done) => {
        queue.push({ call, done });
        if (queue.length === 1) next();
      }),
    async close() {
      const last = running;
      running = undefined;
      for (const { done } of queue.splice(0)) done({ threw: 'closed', logs: [], reads: [] });
      if (last !== undefined && last.process.exitCode === null) {
        clearTimeout(last.timer);
        const gone = new Promise<void>((resolve) => last.process.once('close', () => resolve()));
        last.process.kill('SIGKILL');
        await gone;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** One line of ASCII: what is read in pieces may be cut anywhere. */
function lineOf(value: unknown): string {
  const escaped = (char: string): string => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return `${JSON.stringify(value).replace(/[^\x20-\x7e]/g, escaped)}\n`;
}
