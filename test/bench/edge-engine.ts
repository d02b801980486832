/** Runs a function text many times over under njs, and counts seconds or instructions. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toolPath } from '../helpers/needs.ts';

export interface EdgeLoad {
  text: string;
  event: object;
  /** Seconds since 1970. */
  now: number;
  state: string;
}

/** A store that answers at once: what is counted is the function, not the store. */
const cloudfront = (state: string): string => `const state = ${JSON.stringify(state)};
const store = { get() { return Promise.resolve(state); }, exists() { return Promise.resolve(false); } };
export default { kvs() { return store; }, selectRequestOriginById() {} };
`;

/** The handler changes the path of its request, so that is put back for the next call. Everything else stays. */
const driver = ({ event, now }: EdgeLoad): string => `
;(function () {
  const event = ${JSON.stringify(event)};
  const request = event.request;
  const uri = request.uri;
  const calls = +process.argv[2];
  let done = 0;
  let last;
  Date.now = function () { return ${now * 1000}; };
  console.log = function () {};
  function next() {
    if (done++ === calls) {
      require('fs').writeFileSync(process.argv[3], JSON.stringify(last === undefined ? null : last));
      return;
    }
    request.uri = uri;
    handler(event).then(function (answer) { last = answer; next(); });
  }
  next();
})();
`;

/** A load that is ready to be run. `free` removes its files. */
export interface Engine {
  /** Answer of the last of so many calls. */
  answer(calls: number): unknown;
  /** Seconds a call takes, the start of the process left out. */
  seconds(calls: number): number;
  /** Instructions a call takes, counted by callgrind: the same on every run. */
  instructions(calls: number): number;
  free(): void;
}

export function engine(load: EdgeLoad): Engine {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-bench-'));
  const file = join(folder, 'function.js');
  const result = join(folder, 'answer.json');
  writeFileSync(join(folder, 'cloudfront'), cloudfront(load.state));
  writeFileSync(file, load.text + driver(load));
  const args = (calls: number): string[] => ['-p', folder, file, String(calls), result];
  const njs = toolPath('njs') as string;
  const elapsed = (calls: number): number => {
    const started = process.hrtime.bigint();
    execFileSync(njs, args(calls), { stdio: 'pipe' });
    return Number(process.hrtime.bigint() - started) / 1e9;
  };
  const counted = (calls: number): number => {
    const tool = ['--tool=callgrind', '--callgrind-out-file=/dev/null', njs, ...args(calls)];
    const { stderr } = spawnSync(toolPath('valgrind') as string, tool, { encoding: 'utf8' });
    return Number(/Collected : (\d+)/.exec(stderr)?.[1]);
  };
  return {
    answer(calls) {
      elapsed(calls);
      return JSON.parse(readFileSync(result, 'utf8'));
    },
    seconds: (calls) => (elapsed(calls) - elapsed(0)) / calls,
    instructions: (calls) => (counted(calls + 100) - counted(100)) / calls,
    free: () => rmSync(folder, { recursive: true }),
  };
}
