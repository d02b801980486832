/**
 * Runs the edge check in this process: a second engine behind the interface of `njs.ts`, for what njs cannot do, which is
 * to tell which lines a request went through. It takes texts that `node-bundle.ts` made of the same sources.
 *
 * Two things differ from `njs.ts`, and neither is seen by a test that only looks at results. A request is run when its
 * result is first looked at, so that it counts for the test that looks. And every request has the module to itself, so
 * that what a module works out when it is loaded counts for that test as well.
 */
import crypto from 'node:crypto';
import { createContext, runInContext, Script } from 'node:vm';
import type { EdgeResult, EdgeRun } from './njs.ts';

export type { EdgeResult, EdgeRun };

/** What one request leaves behind. */
interface World {
  run: string;
  load: unknown;
  logs: string[];
  reads: string[];
  origin?: string;
  /** JSON, as from njs: what is not JSON reaches no test. */
  answer?: string;
  threw?: string;
}

/**
 * A realm of its own, because one with its own queue of microtasks is the only place where a promise can be waited for
 * without giving up control: `runEdge` returns results, not promises.
 */
const realm = createContext({ Buffer, atob, nodeCrypto: crypto, world: undefined }, { microtaskMode: 'afterEvaluate' });

// What mutation testing counts and switches hangs on a global object, here and there the same one.
Object.defineProperty(realm, '__stryker__', { get: () => (globalThis as Record<string, unknown>).__stryker__ });

const REQUEST = new Script(`
(function (world) {
  const run = JSON.parse(world.run);
  const cloudfront = {
    kvs() {
      return {
        async get(key) {
          world.reads.push('get ' + key);
          if (typeof run.state !== 'string') throw new Error('KeyNotFound');
          return run.state;
        },
        async exists(key) {
          world.reads.push('exists ' + key);
          if (run.keys === null) throw new Error('Unavailable');
          return run.keys.includes(key);
        },
      };
    },
    selectRequestOriginById(id) { world.origin = id; },
  };
  globalThis.console = { log(line) { world.logs.push(String(line)); } };
  Date.now = () => run.now;
  if (run.rawQuery !== null) run.event.request.rawQueryString = () => run.rawQuery;
  const failed = (error) => { world.threw = String(error); };
  try {
    const module = { exports: {} };
    world.load(module, (name) => (name === 'cloudfront' ? cloudfront : nodeCrypto));
    world.threw = 'no answer';
    module.exports.handler(run.event).then((answer) => {
      world.answer = JSON.stringify(answer);
      delete world.threw;
    }).catch(failed);
  } catch (error) {
    failed(error);
  }
})(world)`);

const loaded = new Map<string, unknown>();

/** The text as a function that runs it from its first line. */
function load(text: string): unknown {
  const known = loaded.get(text) ?? runInContext(`(function (module, require) {${text}\n})`, realm);
  loaded.set(text, known);
  return known;
}

function runOne(text: string, run: EdgeRun): EdgeResult {
  const world: World = { run: JSON.stringify(run), load: load(text), logs: [], reads: [] };
  realm.world = world;
  REQUEST.runInContext(realm);
  const { answer, threw, logs, reads, origin } = world;
  return {
    ...(answer !== undefined && { answer: JSON.parse(answer) as NonNullable<EdgeResult['answer']> }),
    ...(threw !== undefined && { threw }),
    logs,
    reads,
    ...(origin !== undefined && { origin }),
  };
}

/** Runs requests through a text of `bundleEdge`. Throws when Node.js does not take the text. */
export function runEdge(text: string, runs: readonly EdgeRun[]): EdgeResult[] {
  const results: EdgeResult[] = [];
  for (const [index, run] of runs.entries()) {
    let result: EdgeResult | undefined;
    const get = (): EdgeResult => {
      result ??= runOne(text, run);
      return result;
    };
    Object.defineProperty(results, index, { get, enumerable: true });
  }
  return results;
}
