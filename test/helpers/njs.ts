/**
 * Runs the text of an edge function under njs, the engine next to CloudFront's, byte for byte as it ships: the driver is
 * appended, and a module `cloudfront` stands beside it. One process takes any number of requests.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EdgeCall, EdgeResult } from '../../generator/local/engine.ts';
import { CLOUDFRONT } from '../../generator/local/njs-text.ts';
import { toolPath } from './needs.ts';

export type { EdgeResult };

/** One request and the world it meets. */
export interface EdgeRun extends Omit<EdgeCall, 'rawQuery'> {
  /** What `rawQueryString()` gives; `null` for a CloudFront without it. */
  rawQuery: string | null;
  /** Value of the key `state`; `null` when it is missing; `'fail'` when the store does not answer. */
  state: string | null | { fail: true };
  /** Keys that exist besides `state`; `null` when the store does not answer. */
  keys: string[] | null;
}

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
    const world = {
      logs: [],
      reads: [],
      origin: undefined,
      get: function () {
        if (typeof run.state !== 'string') throw new Error('KeyNotFound');
        return run.state;
      },
      has: function (key) {
        if (run.keys === null) throw new Error('Unavailable');
        return run.keys.indexOf(key) >= 0;
      },
    };
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
