/**
 * Runs the text of an edge function under njs, the engine next to CloudFront's, byte for byte as it ships: the driver is
 * appended, and a module `cloudfront` stands beside it. One process takes any number of requests.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EdgeResponse, Field, ViewerRequest } from '../../runtime/base/event.ts';
import { toolPath } from './needs.ts';

/** One request and the world it meets. */
export interface EdgeRun {
  event: {
    context: { requestId?: string };
    viewer: { ip: string };
    request: Omit<ViewerRequest, 'rawQueryString'>;
  };
  /** What `rawQueryString()` gives; `null` for a CloudFront without it. */
  rawQuery: string | null;
  /** Milliseconds since 1970 at which time stands still. */
  now: number;
  /** Value of the key `state`; `null` when it is missing; `'fail'` when the store does not answer. */
  state: string | null | { fail: true };
  /** Keys that exist besides `state`; `null` when the store does not answer. */
  keys: string[] | null;
}

export interface EdgeResult {
  /** What the handler gave; `undefined` when it threw. */
  answer?: EdgeResponse | (Omit<ViewerRequest, 'headers'> & { headers: Record<string, Field>; statusCode?: undefined });
  /** Message of what it threw: always a defect. */
  threw?: string;
  /** Lines written with `console.log`. */
  logs: string[];
  /** What was asked of the store, e.g. `get state`. */
  reads: string[];
  /** Origin that was selected. */
  origin?: string;
}

const CLOUDFRONT = `
function world() { return globalThis.__world; }
export default {
  kvs() {
    return {
      get(key) {
        const w = world();
        w.reads.push('get ' + key);
        return typeof w.run.state === 'string' ? Promise.resolve(w.run.state) : Promise.reject(new Error('KeyNotFound'));
      },
      exists(key) {
        const w = world();
        w.reads.push('exists ' + key);
        return w.run.keys === null ? Promise.reject(new Error('Unavailable')) : Promise.resolve(w.run.keys.indexOf(key) >= 0);
      },
      meta() { return Promise.resolve({ keyCount: 1 }); },
    };
  },
  selectRequestOriginById(id) { world().origin = id; },
  updateRequestOrigin() {},
  edgeLocation: { name: 'CDG', serverIp: '192.0.2.1', region: 'eu-west-3' },
};
`;

const DRIVER = `
;(function () {
  const fs = require('fs');
  const folder = process.argv[2];
  const runs = JSON.parse(fs.readFileSync(folder + '/runs.json'));
  const results = [];
  console.log = function (line) { globalThis.__world.logs.push(String(line)); };
  function next(i) {
    if (i === runs.length) {
      fs.writeFileSync(folder + '/results.json', JSON.stringify(results));
      return;
    }
    const run = runs[i];
    const world = { run: run, logs: [], reads: [], origin: undefined };
    globalThis.__world = world;
    Date.now = function () { return run.now; };
    if (run.rawQuery !== null) run.event.request.rawQueryString = function () { return run.rawQuery; };
    function done(answer, threw) {
      results.push({ answer: answer, threw: threw, logs: world.logs, reads: world.reads, origin: world.origin });
      next(i + 1);
    }
    let promise;
    try { promise = handler(run.event); } catch (e) { done(undefined, String(e)); return; }
    promise.then(function (answer) { done(answer); }, function (e) { done(undefined, String(e)); });
  }
  next(0);
})();
`;

/** Runs requests through a function text. Throws when njs does not take the text. */
export function runEdge(text: string, runs: readonly EdgeRun[]): EdgeResult[] {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-njs-'));
  try {
    writeFileSync(join(folder, 'cloudfront'), CLOUDFRONT);
    writeFileSync(join(folder, 'function.js'), text + DRIVER);
    writeFileSync(join(folder, 'runs.json'), JSON.stringify(runs));
    execFileSync(toolPath('njs') as string, ['-p', folder, join(folder, 'function.js'), folder], { stdio: 'pipe' });
    return JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as EdgeResult[];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
