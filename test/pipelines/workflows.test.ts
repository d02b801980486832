/** What holds for every workflow: the linters, and what they do not look at. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { root } from '../helpers/config.ts';
import { describeWith, toolPath } from '../helpers/needs.ts';

interface Step {
  uses?: string;
  run?: string;
  with?: Record<string, unknown>;
}

interface Job {
  permissions?: Record<string, string>;
  'timeout-minutes'?: number;
  steps: Step[];
}

interface Workflow {
  on: Record<string, unknown>;
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

const filesIn = (folder: string): string[] => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`);
const FILES = [...filesIn('pipelines/workflows'), ...filesIn('pipelines/own')];
const ACTIONS = filesIn('pipelines/actions').map((folder) => `${folder}/action.yml`);
const text = (file: string): string => readFileSync(join(root, file), 'utf8');
const workflows = FILES.map((file) => ({ file, workflow: parse(text(file)) as Workflow }));
const jobs = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => ({ name: `${file} ${name}`, job })),
);

it('.github has copies of pipelines/ (npm run pipelines)', () => {
  const check = spawnSync(process.execPath, ['pipelines/copy.mjs', '--check'], { cwd: root, encoding: 'utf8' });
  expect(check.stderr).toBe('');
  expect(check.status).toBe(0);
});

describe('every workflow', () => {
  it.each(workflows)('$file may read the repository, and is no door for forks', ({ workflow }) => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(Object.keys(workflow.on)).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on)).not.toContain('workflow_run');
  });

  it.each(jobs)('$name ends some time, and keeps no credentials of git', ({ job }) => {
    expect(job['timeout-minutes']).toBeGreaterThan(0);
    for (const step of job.steps.filter(({ uses }) => uses?.startsWith('actions/checkout@')))
      expect(step.with?.['persist-credentials']).toBe(false);
  });

  it.each(jobs)('$name may get a token for AWS only where it takes a role, or signs', ({ job }) => {
    const takes = job.steps.some(({ uses = '' }) => /configure-aws-credentials|actions\/attest@/.test(uses));
    expect(job.permissions?.['id-token'] === 'write').toBe(takes);
  });

  it.each(jobs)('$name has no expression inside of a script', ({ job }) => {
    for (const { run = '' } of job.steps) expect(run).not.toContain('${{');
  });

  it.each([...FILES, ...ACTIONS])('%s names the commit and the version of every action', (file) => {
    for (const [line, name = ''] of text(file).matchAll(/uses: (\S+).*/g))
      if (!name.startsWith('./')) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('takes one commit of each action', () => {
    const used = [...FILES, ...ACTIONS].flatMap((file) =>
      [...text(file).matchAll(/uses: ([\w-]+\/[\w-]+)@(\S+)/g)].map(([, action, commit]) => `${action} ${commit}`),
    );
    const names = new Set(used.map((one) => one.split(' ')[0]));
    expect(new Set(used).size).toBe(names.size);
  });
});

describeWith(['actionlint'], 'actionlint', () => {
  it('finds nothing', () => {
    const args = ['-no-color', '-shellcheck=', '-pyflakes=', ...FILES.map((file) => join(root, file))];
    const { stdout, stderr, status } = spawnSync(toolPath('actionlint') ?? '', args, { encoding: 'utf8' });
    expect(stdout + stderr).toBe('');
    expect(status).toBe(0);
  });
});

describeWith(['zizmor'], 'zizmor', () => {
  it('finds nothing', () => {
    const args = [
      '--offline',
      // A pipeline's environment turns colors on.
      '--color=never',
      '--config',
      'pipelines/zizmor.yml',
      '--format',
      'plain',
      '--quiet',
      'pipelines',
      '.github',
    ];
    const { stdout, stderr, status } = spawnSync(toolPath('zizmor') ?? '', args, { cwd: root, encoding: 'utf8' });
    expect(stdout + stderr).toMatch(/^(No findings to report.*\s*)?$/);
    expect(status).toBe(0);
  });
});
