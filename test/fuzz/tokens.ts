/**
 * Random requests against the edge function and the reference verifier: `npm run fuzz -- --cases 1000000`. Options:
 * `--seed <text>`, `--workers <n>`, `--only <deployment>:<number>` for one case of a run. Exit 1 when they differ.
 */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { type DeploymentName, deployments } from '../adversarial/deployments.ts';
import { type Texts, textOf, useTexts } from '../adversarial/judge.ts';
import { verdict } from '../runtime/base/world.ts';
import { type Job, jobsFor, runJob } from './jobs.ts';
import { shrink } from './shrink.ts';
import { add, emptyTally, type Found, KINDS, type Tally } from './tally.ts';

/** A batch of 5,000 takes 100 MB in each of three heaps. */
const MOST_WORKERS = 4;
/** So many different differences are made small and shown. */
const MOST_SHOWN = 5;

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

function option(args: readonly string[], name: string): string | undefined {
  const at = args.indexOf(`--${name}`);
  return at === -1 ? undefined : args[at + 1];
}

/** Runs jobs in threads of their own, each with an njs process of its own. */
async function runAll(
  jobs: Job[],
  { workers, file, texts }: { workers: number; file: string; texts: Texts },
): Promise<Tally> {
  const sum = emptyTally();
  const queue = [...jobs];
  let reported = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(file, { workerData: { texts } });
      const next = (): void => {
        const job = queue.shift();
        if (job !== undefined) worker.postMessage(job);
        else void worker.terminate().then(() => resolve());
      };
      worker.on('error', reject);
      worker.on('message', (tally: Tally) => {
        add(sum, tally);
        if (sum.cases - reported >= 100_000) {
          reported = sum.cases;
          print(`  ${sum.cases} cases`);
        }
        next();
      });
      next();
    });
  await Promise.all(Array.from({ length: workers }, work));
  return sum;
}

async function show(found: Found): Promise<void> {
  const { id, kind } = found;
  const { changes, run, judged } = await shrink(found);
  print(`\n${kind}: --seed ${id.seed} --only ${id.deployment}:${id.index}`);
  print(`  changes:   ${changes.join(' + ') || 'none'}`);
  print(`  edge:      ${verdict(judged.result)}`);
  print(`  reference: ${judged.reference}`);
  for (const line of judged.differences) print(`  ${line.slice(0, 600)}`);
  print(`  run: ${JSON.stringify(run)}`);
}

/** One line about each kind of outcome. */
function summary(tally: Tally, seconds: number): void {
  const share = (times: number): string => `${((100 * times) / tally.cases).toFixed(1).padStart(5)} %`;
  print(`${tally.cases} cases in ${seconds.toFixed(1)} s (${Math.round(tally.cases / seconds)}/s)`);
  print(`  ${share(tally.passed)}  ${tally.passed} passed`);
  print(`  ${share(tally.answered)}  ${tally.answered} answered`);
  for (const [reason, times] of Object.entries(tally.reasons).toSorted(([, a], [, b]) => b - a))
    print(`  ${share(times)}  ${times} ${reason}`);
  const { accepted, refused, reason, other, threw } = tally.differences;
  print(`  differences: ${accepted} accepted that the reference refuses, ${refused} refused that it accepts,`);
  print(`    ${reason} with another reason, ${other} otherwise, ${threw} thrown`);
}

/** Of each kind and sentence one. */
function distinct(found: Found[]): Found[] {
  const seen = new Map<string, Found>();
  for (const one of found) {
    const name = `${one.id.deployment} ${one.kind} ${one.differences.map((line) => line.split(':')[0]).join()} ${/reason: .*/.exec(one.differences.join(' '))?.[0].slice(0, 80)}`;
    if (!seen.has(name)) seen.set(name, one);
  }
  return [...seen.values()].slice(0, MOST_SHOWN);
}

/** The command; `file` is the bundle of this module. Returns the exit code. */
export async function main(args: readonly string[], file: string): Promise<number> {
  const seed = option(args, 'seed') ?? String(Date.now());
  const only = option(args, 'only');
  const cases = Number(option(args, 'cases') ?? 100_000);
  const workers = Number(option(args, 'workers') ?? Math.min(MOST_WORKERS, availableParallelism()));
  if (!Number.isInteger(cases) || cases < 1 || !Number.isInteger(workers) || workers < 1) {
    print('usage: npm run fuzz -- [--cases <n>] [--seed <text>] [--workers <n>] [--only <deployment>:<number>]');
    return 2;
  }
  const texts: Texts = {};
  for (const name of Object.keys(deployments) as DeploymentName[]) texts[name] = await textOf(name);
  const digest = createHash('sha256').update(Object.values(texts).join('')).digest('hex');
  print(`seed ${seed}, function texts ${digest.slice(0, 16)}`);
  const started = performance.now();
  let tally: Tally;
  if (only === undefined) tally = await runAll(jobsFor(cases, seed), { workers, file, texts });
  else {
    const [deployment, index] = only.split(':') as [DeploymentName, string];
    tally = await runJob({ seed, deployment, from: Number(index), to: Number(index) + 1 });
  }
  summary(tally, (performance.now() - started) / 1000);
  for (const found of distinct(tally.found)) await show(found);
  return KINDS.some((kind) => tally.differences[kind] > 0) ? 1 : 0;
}

/** What a thread of ours is given; the threads of a test runner have something else. */
const given = workerData as { texts?: Texts } | null;
if (!isMainThread && given?.texts !== undefined) {
  useTexts(given.texts);
  parentPort?.on('message', (job: Job) => {
    void runJob(job).then((tally) => parentPort?.postMessage(tally));
  });
}
