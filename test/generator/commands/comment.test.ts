/** `comment plan|drift` over files, `environments` and `deployment-file`: what pipelines call. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { root } from '../../helpers/config.ts';
import { deployment, HOME } from '../../helpers/deployment.ts';
import { run } from '../../helpers/fake-io.ts';
import { toyProject } from '../../helpers/toy-project.ts';

async function folderWith(files: Record<string, unknown>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-comment-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

const DRIFT = { ok: true, version: 1, environment: 'dev', account: '1', drifted: false, stacks: [], diagnostics: [] };
const FAILED = { ok: false, diagnostics: [{ code: 'EP7012', severity: 'error', message: 'Expired.' }] };

describe('comment drift', () => {
  it('lists what drifted, and exits with 3 when asked to', async () => {
    const { aws, must, run: runHere, folder } = await deployment();
    await must(['deploy', '--yes']);
    aws.cloudformation(HOME).touch('acme-dev-base-worker', 'Topic', '/DisplayName', 'by hand <!-- @octocat');
    const report = await runHere(['drift', '--json']);
    await writeFile(join(folder, 'dev.json'), report.stdout);
    const ran = await runHere(['comment', 'drift', 'dev.json', '--fail-on-changes']);
    expect(ran.code).toBe(3);
    expect(ran.stdout).toMatch(/^<!-- edgepass:drift -->\n/);
    expect(ran.stdout).toContain('<code>Topic</code>');
    expect(ran.stdout).not.toContain('@octocat');
  });

  it.each([
    [{ 'dev.json': DRIFT }, ['dev'], 'in-sync'],
    [{ 'dev.json': DRIFT }, ['dev', 'prod'], 'unknown'],
    [{ 'dev.json': DRIFT, 'prod.json': FAILED }, ['dev', 'prod'], 'unknown'],
    [{ 'dev.json': { ...DRIFT, drifted: true }, 'prod.json': FAILED }, ['dev', 'prod'], 'drifted'],
    [{ 'dev.json': '' }, ['dev'], 'unknown'],
  ])('knows the difference between no drift and no answer: %j', async (files, expected, state) => {
    const cwd = await folderWith(files);
    const options = expected.flatMap((name) => ['--expect', name]);
    const { stdout } = await run(['comment', 'drift', ...Object.keys(files), ...options, '--json'], { cwd });
    expect(JSON.parse(stdout).state).toBe(state);
  });
});

describe('comment plan', () => {
  it.each([
    ['no JSON', 'no'],
    ['a list', []],
    ['another report', { ok: true, diagnostics: [] }],
    ['a report of another version', { ok: true, version: 99, environments: [], diagnostics: [] }],
  ])('refuses %s', async (_what, content) => {
    const cwd = await folderWith({ 'dev.json': content });
    const { code, stdout } = await run(['comment', 'plan', 'dev.json', '--json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout).diagnostics[0].code).toBe('EP7801');
  });

  it('names the environment of a failed preview by its file, and writes both texts', async () => {
    const cwd = await folderWith({ 'prod.json': FAILED });
    const argv = [
      'comment',
      'plan',
      'prod.json',
      '--expect',
      'dev',
      '--expect',
      'prod',
      '--file',
      'c/short.md',
      '--full',
      'c/full.md',
    ];
    expect((await run(argv, { cwd })).code).toBe(0);
    const text = await readFile(join(cwd, 'c/short.md'), 'utf8');
    expect(text).toContain('<code>dev</code>: there is no preview');
    expect(text).toContain('<code>prod</code>: EP7012');
    expect(await readFile(join(cwd, 'c/full.md'), 'utf8')).toContain('EP7012');
  });

  it('asks for a report, and refuses a file that is not there', async () => {
    expect((await run(['comment', 'plan'], { cwd: root })).code).toBe(2);
    expect((await run(['comment', 'plan', 'gone.json'], { cwd: root })).code).toBe(1);
  });
});

describe('environments', () => {
  it('prints the matrix of a job in one line, in the order of config.yaml', async () => {
    const { run: runToy } = await toyProject();
    const { code, stdout } = await runToy(['environments', '--matrix']);
    expect(code).toBe(0);
    expect(stdout.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stdout).include).toEqual(
      [
        ['dev', '111111111111'],
        ['prod', '222222222222'],
      ].map(([environment, account]) => ({
        environment,
        account,
        region: 'eu-west-1',
        protected: false,
        planRole: `arn:aws:iam::${account}:role/edgepass/edgepass-acme-${environment}-plan`,
        deployRole: `arn:aws:iam::${account}:role/edgepass/edgepass-acme-${environment}-deploy`,
        operateRole: `arn:aws:iam::${account}:role/edgepass/edgepass-acme-${environment}-operate`,
      })),
    );
  });

  it('takes roles that were made by other means, and nothing that is not the ARN of one', async () => {
    const { run: runToy } = await toyProject();
    const given = (roles: unknown) =>
      runToy(['environments', '--json'], {
        env: { EDGEPASS_ROLES: typeof roles === 'string' ? roles : JSON.stringify(roles) },
      });
    const plan = 'arn:aws:iam::999999999999:role/p';
    const operate = 'arn:aws:iam::999999999999:role/o';
    const named = JSON.parse((await given({ prod: { plan, operate } })).stdout).environments;
    expect(named).toMatchObject([
      { planRole: expect.stringContaining('-dev-plan'), operateRole: expect.stringContaining('-dev-operate') },
      { planRole: plan, deployRole: expect.stringContaining('-prod-deploy'), operateRole: operate },
    ]);
    for (const wrong of ['{', '[]', { dev: 'x' }, { dev: { plan: 'x\ny' } }, { dev: { other: plan } }]) {
      const { code, stdout } = await given(wrong);
      expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([1, 'EP7821']);
    }
  });
});

describe('deployment-file', () => {
  it('has template, parameters and tags, and warns where code has to be uploaded first', async () => {
    const { run: runHere } = await deployment();
    const argv = [
      'deployment-file',
      '--stack',
      'base.worker',
      '--parameter',
      'BaseRuleGroupArn=arn:x',
      '--parameter',
      'HomeMarkerName=/a: b',
    ];
    const { code, stdout, stderr } = await runHere(argv);
    expect(code).toBe(0);
    expect(parse(stdout)).toEqual({
      'template-file-path': 'out/dev/base-worker.template.yaml',
      parameters: {
        ArtifactBucket: 'edgepass-artifacts-111111111111-eu-west-1',
        BaseRuleGroupArn: 'arn:x',
        HomeMarkerName: '/a: b',
      },
      tags: { 'edgepass:project': 'acme', 'edgepass:environment': 'dev' },
    });
    expect(stderr).toContain('EP7813');
    expect(parse((await runHere(['deployment-file', '--stack', 'base.edge'])).stdout).parameters).toBeUndefined();
  });

  it.each([
    [['--stack', 'base.worker'], 'EP7811'],
    [['--stack', 'base.edge', '--parameter', 'Nothing=x'], 'EP7811'],
    [['--stack', 'base.edg'], 'EP7812'],
    [['--stack', 'base.edge', '--file', 'out/dev/manifest.json/x'], 'EP7802'],
  ])('%j gives %s', async (argv, expected) => {
    const { run: runHere } = await deployment();
    const { code, stdout } = await runHere(['deployment-file', ...argv, '--json']);
    expect([code, JSON.parse(stdout).diagnostics[0].code]).toEqual([1, expected]);
  });
});
