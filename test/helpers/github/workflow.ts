/**
 * Runs the jobs of a workflow where there is no GitHub: `run` steps as they stand, in a temporary repository; of actions
 * only those that we use, each replaced by what it does for us. Everything unknown is an error.
 */
import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { root } from '../config.ts';
import { condition, interpolate, type Scope, textOf, type Value } from './expression.ts';
import type { Repository } from './repository.ts';

interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  with?: Record<string, Value>;
  run?: string;
  env?: Record<string, string>;
}

interface Job {
  if?: string;
  outputs?: Record<string, string>;
  steps: Step[];
  strategy?: { matrix: string };
  permissions?: Record<string, string>;
}

interface Action {
  inputs: Record<string, { default: string }>;
  outputs: Record<string, { value: string }>;
  runs: { steps: Step[] };
}

interface Workflow {
  jobs: Record<string, Job>;
}

export interface JobRun {
  result: 'success' | 'failure' | 'skipped';
  outputs: Record<string, Value>;
  /** Everything that was printed. */
  log: string;
  summary: string;
  /** Roles that were taken. */
  roles: string[];
}

export interface JobOptions {
  github: Record<string, Value>;
  vars?: Record<string, Value>;
  inputs?: Record<string, Value>;
  needs?: Record<string, JobRun>;
  /** The row of the matrix. */
  matrix?: Record<string, Value>;
  /** What taking a role puts into the environment. */
  credentials?: (role: string) => Record<string, string>;
}

interface State {
  options: JobOptions;
  repository: Repository;
  job: JobRun;
  steps: Record<string, Value>;
  /** Environment that steps leave to the next ones. */
  env: Record<string, string>;
  inputs?: Record<string, Value>;
}

/** Runs one job of `pipelines/workflows/<file>`; of a matrix one row. */
export async function runJob(
  repository: Repository,
  [file, name]: readonly [file: string, name: string],
  options: JobOptions,
): Promise<JobRun> {
  const workflow = parse(await readFile(join(root, 'pipelines/workflows', file), 'utf8')) as Workflow;
  const found = workflow.jobs[name];
  if (found === undefined) throw new Error(`${file} has no job ${name}`);
  const job: JobRun = { result: 'success', outputs: {}, log: '', summary: '', roles: [] };
  const state: State = { options, repository, job, steps: {}, env: {} };
  const before = Object.values(options.needs ?? {});
  if (!condition(found.if, { ...scopeOf(state), failed: before.some(({ result }) => result !== 'success') }))
    return { ...job, result: 'skipped' };
  await repository.fresh();
  for (const step of found.steps) await runStep(step, state);
  for (const [key, text] of Object.entries(found.outputs ?? {})) job.outputs[key] = interpolate(text, scopeOf(state));
  return job;
}

function scopeOf({ options, job, steps, inputs }: State): Scope {
  const needs = Object.fromEntries(
    Object.entries(options.needs ?? {}).map(([id, { result, outputs }]) => [id, { result, outputs }]),
  );
  const { github, vars = {}, matrix = {} } = options;
  return {
    contexts: { github, vars, matrix, needs, steps, inputs: inputs ?? options.inputs ?? {} },
    failed: job.result === 'failure',
  };
}

async function runStep(step: Step, state: State): Promise<void> {
  const scope = scopeOf(state);
  if (!condition(step.if, scope)) return;
  const env = evaluated(step.env, scope);
  const outputs = step.uses === undefined ? await shell(step.run ?? '', env, state) : await action(step, state);
  if (step.id !== undefined) state.steps[step.id] = { outputs };
}

function evaluated(map: Record<string, Value> | undefined, scope: Scope): Record<string, string> {
  const entries = Object.entries(map ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, textOf(interpolate(textOf(value), scope))]));
}

async function action({ uses = '', with: given }: Step, state: State): Promise<Record<string, string>> {
  const inputs = evaluated(given, scopeOf(state));
  const { folder, artifacts } = state.repository;
  const name = uses.split('@')[0] ?? '';
  const { path = '', pattern } = inputs;
  if (name === 'actions/checkout' || name === 'actions/setup-node') return {};
  if (name === './.github/actions/edgepass') return composite('edgepass', inputs, state);
  if (name === 'aws-actions/configure-aws-credentials') {
    const role = inputs['role-to-assume'] ?? '';
    if (state.options.credentials === undefined) throw new Error('credentials are taken where there are none');
    state.job.roles.push(role);
    Object.assign(state.env, state.options.credentials(role));
    return {};
  }
  const kept = join(
    artifacts,
    textOf(state.options.github.run_id ?? ''),
    pattern?.replace('*', '') ?? inputs.name ?? '',
  );
  if (name === 'actions/upload-artifact') {
    await rm(kept, { recursive: true, force: true });
    await cp(join(folder, path), kept, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    return {};
  }
  if (name === 'actions/download-artifact') {
    // A pattern stands for the one row of the matrix that tests run.
    await cp(pattern === undefined ? kept : `${kept}dev`, join(folder, path), { recursive: true });
    return {};
  }
  throw new Error(`not an action that we know: ${uses}`);
}

async function composite(name: string, given: Record<string, string>, outer: State): Promise<Record<string, string>> {
  const text = await readFile(join(root, 'pipelines/actions', name, 'action.yml'), 'utf8');
  const { runs, inputs, outputs } = parse(text) as Action;
  const usual = Object.entries(inputs).map(([key, { default: value }]) => [key, value]);
  const inner: State = { ...outer, steps: {}, inputs: { ...Object.fromEntries(usual), ...given } };
  for (const step of runs.steps) await runStep(step, inner);
  const values = Object.fromEntries(Object.entries(outputs).map(([key, { value }]) => [key, value]));
  return evaluated(values, scopeOf(inner));
}

/** As GitHub does with `shell: bash`. A step that fails fails its job. */
async function shell(script: string, env: Record<string, string>, state: State): Promise<Record<string, string>> {
  if (/\$\{\{/.test(script)) throw new Error(`an expression inside of a script: ${script}`);
  const { repository, job, options } = state;
  const files = join(repository.base, 'files');
  await mkdir(files, { recursive: true });
  const [output, summary, event] = [join(files, 'output'), join(files, 'summary'), join(files, 'event.json')];
  const { event: happened, event_name } = options.github;
  const typed = event_name === 'workflow_dispatch' ? { inputs: options.inputs ?? null } : {};
  const content = JSON.stringify({ ...(happened as object | undefined), ...typed });
  await Promise.all([writeFile(output, ''), writeFile(summary, ''), writeFile(event, content)]);
  // GitHub prints the script with its environment; what a role brought is masked.
  const shown = [...Object.keys(state.env).map((key) => [key, '***']), ...Object.entries(env)];
  job.log += `Run ${script}\nenv:\n${shown.map(([key, value]) => `  ${key}: ${value}\n`).join('')}`;
  const github = Object.fromEntries(
    ['sha', 'ref_name', 'repository', 'run_id', 'server_url'].map((key) => [
      `GITHUB_${key.toUpperCase()}`,
      textOf(options.github[key] ?? null),
    ]),
  );
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: repository.folder,
    env: {
      ...{
        ...repository.env,
        ...github,
        GITHUB_OUTPUT: output,
        GITHUB_STEP_SUMMARY: summary,
        GITHUB_EVENT_PATH: event,
      },
      ...{ ...state.env, ...env },
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const listen = (chunk: Buffer): void => {
    job.log += chunk.toString();
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  job.summary += await readFile(summary, 'utf8');
  if (code !== 0) {
    job.log += `\nexit code ${code}\n`;
    job.result = 'failure';
  }
  const lines = (await readFile(output, 'utf8')).split('\n').filter((line) => line !== '');
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
