/**
 * Runs an edge function in this process, in a realm of its own (`realm-text.ts`). Quick, and near to CloudFront where
 * functions can tell; but V8 is another engine, and a realm is no prison: it is for texts that this package has built.
 */
import { createHash, createHmac } from 'node:crypto';
import querystring from 'node:querystring';
import { createContext, runInContext, Script } from 'node:vm';
import { GLOBALS, MAX_EDGE_BYTES } from '../bundle/edge-runtime.ts';
import { type EdgeCall, type EdgeResult, type EdgeStore, type Engine, splitText, TIME_LIMIT } from './engine.ts';
import { REALM } from './realm-text.ts';

/** Methods of `Buffer` that give and take nothing but texts, numbers and bytes. */
const METHODS =
  'toString write copy equals compare indexOf includes ' +
  Object.getOwnPropertyNames(Buffer.prototype)
    .filter((name) => /^(read|write)[A-Z]/.test(name))
    .join(' ');

/** What is handed in and out of the realm. */
interface Border {
  input: string;
  output: string;
}

export interface NodeEngineOptions {
  text: string;
  store: EdgeStore;
  /** Milliseconds after which a call is stopped. */
  timeLimit?: number;
  /** What CloudFront takes, if no other is given. */
  maxBytes?: number;
}

interface Waiting {
  call: EdgeCall;
  done(result: EdgeResult): void;
}

/**
 * Throws when the text is larger than CloudFront takes, or is no text of an edge function.
 *
 * What watches over the time is a thread, and starting it takes longer than the function. So it is started once for many
 * calls that came in the same turn of the event loop, until a tenth of the time is over; each of them is still a step of its
 * own, with nothing of another under way.
 */
export function nodeEngine(options: NodeEngineOptions): Engine {
  const { text, store, timeLimit = TIME_LIMIT, maxBytes = MAX_EDGE_BYTES } = options;
  if (Buffer.byteLength(text) > maxBytes) throw new Error(`the function has more than ${maxBytes} bytes`);
  const border: Border = { input: '', output: '' };
  const host = hostOf(border, store);
  let step = makeStep(text, host);
  let queue: Waiting[] = [];
  const watched = watchedRun(() => {
    const until = performance.now() + timeLimit / 10;
    for (let first = queue[0]; first !== undefined; first = queue[0]) {
      border.input = JSON.stringify(first.call);
      border.output = '';
      step();
      // Whoever waits for what never comes gives no answer, in CloudFront as here.
      first.done(border.output === '' ? nothing('no answer') : (JSON.parse(border.output) as EdgeResult));
      // After its answer: what is stopped in between is answered for the second time, which nobody hears.
      queue.shift();
      if (performance.now() >= until) return;
    }
  }, timeLimit);
  const turn = (): void => {
    while (queue.length > 0) {
      if (watched()) continue;
      // Somewhere in there what was stopped may want to go on: nothing of it is used again.
      step = makeStep(text, host);
      queue.shift()?.done(nothing(`stopped after ${timeLimit} ms`));
    }
  };
  return {
    name: 'node',
    run: (call) =>
      new Promise((done) => {
        queue.push({ call, done });
        if (queue.length === 1) setImmediate(turn);
      }),
    async close() {
      for (const { done } of queue) done(nothing('closed'));
      queue = [];
    },
  };
}

function nothing(threw: string): EdgeResult {
  return { threw, logs: [], reads: [] };
}

/** Runs something for at most so many milliseconds; false when it was stopped. */
function watchedRun(work: () => void, timeout: number): () => boolean {
  const script = new Script('work()');
  const realm = createContext({ work });
  return () => {
    try {
      script.runInContext(realm, { timeout });
      return true;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
      throw error;
    }
  };
}

/** A realm whose microtasks run before a script in it is over, so that a call is one step of this process. */
function makeStep(text: string, host: object): () => void {
  const realm = createContext({}, { codeGeneration: { strings: false, wasm: false }, microtaskMode: 'afterEvaluate' });
  const offered = [...GLOBALS].join(' ');
  const prepare = runInContext(REALM, realm) as (host: object, offered: string) => (load: unknown) => () => void;
  const ready = prepare(host, offered);
  const { imports, body } = splitText(text);
  const consts = imports.map(([local, module]) => `const ${local}=require("${module}");`).join('');
  // Strict, as in CloudFront: so no name that was not declared can be written to, and `this` is no way to the globals.
  const load = runInContext(
    `(function(require,globalThis,__call){'use strict';${consts}${body}\nreturn handler;})`,
    realm,
  );
  Object.defineProperty(realm, '__call', { value: ready(load) });
  const script = new Script('__call()');
  return () => void script.runInContext(realm);
}

/** What the realm asks of this one. Everything here is called by `realm-text.ts` alone. */
function hostOf(border: Border, store: EdgeStore) {
  const view = (bytes: ArrayBufferView): Buffer =>
    Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
  return {
    get input() {
      return border.input;
    },
    give(output: string) {
      border.output = output;
    },
    methods: METHODS,
    bytes: (text: string, encoding?: BufferEncoding) => Buffer.from(text, encoding),
    byteLength: (text: string, encoding?: BufferEncoding) => Buffer.byteLength(text, encoding),
    isEncoding: (name: string) => Buffer.isEncoding(name),
    convert: (text: string, from: BufferEncoding, to: BufferEncoding) => Buffer.from(text, from).toString(to),
    method(name: 'toString', bytes: ArrayBufferView, args: []) {
      const given = args.map((arg) => (ArrayBuffer.isView(arg) ? view(arg) : arg)) as [];
      return view(bytes)[name](...given);
    },
    digest(name: string, key: string | NodeJS.ArrayBufferView | undefined, parts: (string | NodeJS.ArrayBufferView)[]) {
      const made = key === undefined ? createHash(name) : createHmac(name, key);
      for (const part of parts) made.update(part);
      return made.digest();
    },
    query: (name: 'parse' | 'stringify' | 'escape' | 'unescape', args: string) =>
      JSON.stringify((querystring[name] as (...rest: unknown[]) => unknown)(...(JSON.parse(args) as unknown[]))),
    get: (key: string) => store.get(key),
    has: (key: string) => store.has(key),
  };
}
