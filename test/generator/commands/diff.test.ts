import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import type { ChangeReport } from '../../../generator/diff/change-report.ts';
import { type ToyProject, toyProject } from '../../helpers/toy-project.ts';

const exec = promisify(execFile);

async function git(folder: string, ...args: string[]): Promise<string> {
  const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.com', '-c', 'core.hooksPath=/dev/null'];
  return (await exec('git', [...who, ...args], { cwd: folder })).stdout;
}

async function commit(folder: string): Promise<void> {
  await git(folder, 'add', '-A');
  await git(folder, 'commit', '-qm', 'state');
}

/** A committed project with one module on. */
async function committed(options: { inPackage?: boolean } = {}): Promise<ToyProject> {
  const project = await toyProject(options);
  await project.run(['new-module', 'toy']);
  await project.edit('config.yaml', 'modules: {}', 'modules: {toy: {}}');
  await project.write('.gitignore', 'node_modules/\nout/\n');
  await git(project.folder, 'init', '-q');
  await commit(project.folder);
  return project;
}

async function report(
  project: ToyProject,
  ...argv: string[]
): Promise<ChangeReport & { diagnostics: { code: string }[] }> {
  return JSON.parse((await project.run(['diff', '--json', ...argv])).stdout);
}

const summary = ({ environments }: ChangeReport): string[] =>
  environments.flatMap(({ name, stacks }) =>
    stacks.flatMap(({ id, resources }) => resources.map((r) => `${name} ${id} ${r.change} ${r.id}`)),
  );

/** Temporary folders go to a place of the test's own, so that what is left there shows. */
let temporary: string;
beforeEach(async () => {
  const before = process.env.TMPDIR;
  temporary = await mkdtemp(join(tmpdir(), 'edgepass-tmp-'));
  onTestFinished(async () => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    await rm(temporary, { recursive: true });
  });
});

/** From here on nothing may be left in the folder for temporary files. */
function watchTemporary(): () => Promise<string[]> {
  process.env.TMPDIR = temporary;
  return () => readdir(temporary);
}

describe('edgepass diff against a revision', () => {
  it('says that nothing changed', async () => {
    const project = await committed();
    const left = watchTemporary();
    expect(await project.run(['diff', '--fail-on-changes'])).toEqual({ code: 0, stdout: 'No changes.\n', stderr: '' });
    expect(await left()).toEqual([]);
  });

  it('shows what a setting changes, and exits with 3 when asked to', async () => {
    const project = await committed();
    await project.edit('config.yaml', 'toy: {}', 'toy: {logRetention: 7}');
    const { code, stdout } = await project.run(['diff', '--env', 'dev']);
    expect(code).toBe(0);
    expect(stdout).toBe(`dev
  ~ toy.home acme-dev-toy-home, eu-west-1
    ~ HelloLog AWS::Logs::LogGroup
        RetentionInDays: 30 → 7
`);
    expect((await project.run(['diff', '--fail-on-changes'])).code).toBe(3);
    expect(summary(await report(project))).toEqual(['dev toy.home changed HelloLog', 'prod toy.home changed HelloLog']);
  });

  it('uses the templates and the runtime of the revision', async () => {
    const project = await committed();
    await project.edit('templates/toy/home.yaml.hbs', 'Description: Greets', 'Description: Salutes');
    await project.edit('runtime/toy/hello.ts', 'Hello, ', 'Good day, ');
    const { environments } = await report(project, '--env', 'dev');
    const [stack] = environments[0]?.stacks ?? [];
    expect(stack?.resources).toMatchObject([
      {
        id: 'Hello',
        change: 'changed',
        properties: [
          {
            path: 'Code.S3Key',
            old: expect.stringMatching(/^code of toy\.hello /),
            new: expect.stringMatching(/^code of toy\.hello /),
          },
          { path: 'Description', old: 'Greets', new: 'Salutes' },
        ],
      },
    ]);
    expect(environments[0]?.functions).toMatchObject([{ id: 'toy.hello', change: 'changed', code: true }]);
  });

  it('does the same where the repository is the package itself', async () => {
    const project = await committed({ inPackage: true });
    expect((await project.run(['diff'])).stdout).toBe('No changes.\n');
    await project.edit('templates/toy/home.yaml.hbs', 'Description: Greets', 'Description: Salutes');
    expect(summary(await report(project, '--env', 'dev'))).toEqual(['dev toy.home changed Hello']);
  });

  it('takes a package in CommonJS from the same place on both sides', async () => {
    const project = await committed();
    const name = join(project.folder, 'node_modules/common');
    await mkdir(name);
    await writeFile(join(name, 'index.js'), 'exports.hello = "Hello";');
    await project.edit(
      'runtime/toy/hello.ts',
      'export interface',
      "import { hello } from 'common';\n\nexport interface",
    );
    await project.edit('runtime/toy/hello.ts', '`Hello, ', '`$' + '{hello}, ');
    await commit(project.folder);
    expect(await project.run(['diff'])).toMatchObject({ code: 0, stdout: 'No changes.\n' });
  });

  it('finds the project in a folder of the repository, under a name that is a pattern', async () => {
    const project = await toyProject();
    const folder = join(project.folder, ':!video [ab]');
    await mkdir(folder);
    const io = { cwd: folder };
    await project.write(':!video [ab]/config.yaml', (await project.files())['config.yaml'] ?? '');
    await project.run(['new-module', 'toy'], io);
    await project.edit(':!video [ab]/config.yaml', 'modules: {}', 'modules: {toy: {}}');
    await project.write('.gitignore', 'node_modules/\n');
    await git(project.folder, 'init', '-q');
    await commit(project.folder);
    await project.edit(':!video [ab]/config.yaml', 'toy: {}', 'toy: {logRetention: 7}');
    const fromThere = await project.run(['diff', '--env', 'dev'], io);
    expect(fromThere.stderr).toBe('');
    expect(fromThere.stdout).toContain('RetentionInDays: 30 → 7');
    const fromAbove = await project.run(['diff', '--env', 'dev', '-c', ':!video [ab]/config.yaml']);
    expect(fromAbove.stdout).toContain('RetentionInDays: 30 → 7');
  });

  it('leaves index and work tree alone', async () => {
    const project = await committed();
    await project.edit('config.yaml', 'toy: {}', 'toy: {logRetention: 7}');
    await git(project.folder, 'add', 'config.yaml');
    await project.edit('config.yaml', 'logRetention: 7', 'logRetention: 14');
    const state = async (): Promise<unknown> => [
      await git(project.folder, 'status', '--porcelain=v2'),
      await git(project.folder, 'worktree', 'list'),
      await project.files(),
    ];
    const before = await state();
    // As inside a git hook.
    const { stdout } = await project.run(['diff'], {
      env: { PATH: process.env.PATH, GIT_DIR: '/nowhere', GIT_INDEX_FILE: join(project.folder, '.git/index') },
    });
    expect(stdout).toContain('RetentionInDays: 30 → 14');
    expect(await state()).toEqual(before);
  });

  it('reports environments that came and went', async () => {
    const project = await committed();
    await project.edit('config.yaml', '  prod:', '  live:');
    expect((await report(project)).environments.map(({ name, change }) => `${name} ${change}`)).toEqual([
      'live added',
      'prod removed',
    ]);
    expect(
      (await report(project, '--env', 'live')).environments.map(({ name, change }) => `${name} ${change}`),
    ).toEqual(['live added']);
  });

  it('warns when live tokens are refused', async () => {
    const project = await committed();
    await project.edit('config.yaml', 'lifetime: 4h', 'lifetime: 1h');
    const { stdout } = await project.run(['diff', '--env', 'dev']);
    expect(stdout).toBe(
      'dev\n  warning: Stream live: tokens may be 3600 s old instead of 14400 s. The edge refuses live tokens that are older.\n',
    );
  });

  it('takes everything for new when the revision has no configuration', async () => {
    const project = await toyProject();
    await project.run(['new-module', 'toy']);
    await project.write('.gitignore', 'node_modules/\nconfig.yaml\n');
    await git(project.folder, 'init', '-q');
    await commit(project.folder);
    await project.edit('config.yaml', 'modules: {}', 'modules: {toy: {}}');
    const found = await report(project);
    expect(found.diagnostics.map(({ code }) => code)).toEqual(['EP5102']);
    expect(found.environments.map(({ change }) => change)).toEqual(['added', 'added']);
  });

  it.each([
    ['begins with a dash', '--output=x', 'does not begin with a dash'],
    ['does not exist', 'no-such-branch', 'no such revision'],
    ['is no commit', 'HEAD:config.yaml', 'no such revision'],
    ['is a command for a shell', 'HEAD; touch pwned', 'no such revision'],
  ])('refuses a revision that %s', async (_what, revision, why) => {
    const project = await committed();
    const left = watchTemporary();
    const before = await project.files();
    const { code, stderr } = await project.run(['diff', `--against=${revision}`]);
    expect(code).toBe(1);
    expect(stderr).toContain('EP5101');
    expect(stderr).toContain(why);
    expect(await project.files()).toEqual(before);
    expect(await left()).toEqual([]);
  });

  it('says so outside of a repository', async () => {
    const project = await toyProject();
    expect(await project.run(['diff'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('not a git repository'),
    });
  });

  it('says so when git is not installed', async () => {
    const project = await committed();
    const { code, stderr } = await project.run(['diff'], { env: { PATH: '/nowhere' } });
    expect({ code, stderr }).toMatchObject({ code: 1, stderr: expect.stringContaining('git is not installed') });
  });

  it('names file and revision when the revision is not valid', async () => {
    const project = await committed();
    await project.edit('config.yaml', 'project: acme', 'projekt: acme');
    await commit(project.folder);
    await project.edit('config.yaml', 'projekt: acme', 'project: acme');
    const left = watchTemporary();
    const { code, stderr } = await project.run(['diff']);
    expect(code).toBe(1);
    expect(stderr).toContain('HEAD:config.yaml:1:1: error EP1101');
    expect(stderr).toContain('EP5101');
    expect(await left()).toEqual([]);
  });

  it('speaks of the present state first', async () => {
    const project = await committed();
    await project.edit('config.yaml', 'project: acme', 'projekt: acme');
    const { code, stderr } = await project.run(['diff']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^config\.yaml:1:1: error EP1101/m);
    expect(stderr).not.toContain('EP5101');
  });
});

describe('edgepass diff against an output folder', () => {
  async function generated(): Promise<ToyProject> {
    const project = await toyProject();
    await project.run(['new-module', 'toy']);
    await project.edit('config.yaml', 'modules: {}', 'modules: {toy: {}}');
    await project.run(['generate']);
    return project;
  }

  it('compares without git', async () => {
    const project = await generated();
    expect((await project.run(['diff', '--against', 'out'])).stdout).toBe('No changes.\n');
    await project.edit('config.yaml', 'toy: {}', 'toy: {logRetention: 7}');
    expect(summary(await report(project, '--against', 'out'))).toEqual([
      'dev toy.home changed HelloLog',
      'prod toy.home changed HelloLog',
    ]);
    expect(summary(await report(project, '--against', 'out', '--env', 'prod'))).toEqual([
      'prod toy.home changed HelloLog',
    ]);
  });

  it('compares with what a file says that was edited, and warns', async () => {
    const project = await generated();
    await project.edit('out/dev/toy-home.template.yaml', 'RetentionInDays: 30', 'RetentionInDays: 90');
    await project.edit('config.yaml', 'toy: {}', 'toy: {logRetention: 7}');
    const found = await report(project, '--against', 'out', '--env', 'dev');
    expect(found.diagnostics.map(({ code }) => code)).toEqual(['EP5004']);
    expect(found.environments[0]?.stacks[0]?.resources[0]?.properties).toEqual([
      { path: 'RetentionInDays', old: 90, new: 7 },
    ]);
  });

  it.each([
    ['is not JSON', '}'],
    ['has another version', '{"version": 99}'],
    ['is not complete', '{"version": 1}'],
    [
      'names a file outside',
      '{"version": 1, "environment": "dev", "files": [{"path": "../../config.yaml", "sha256": ""}]}',
    ],
    [
      'names a file that is not there',
      '{"version": 1, "environment": "dev", "files": [{"path": "gone", "sha256": ""}]}',
    ],
  ])('refuses a manifest that %s', async (_what, manifest) => {
    const project = await generated();
    await project.write('out/dev/manifest.json', manifest);
    expect(await project.run(['diff', '--against', 'out'])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP5101'),
    });
  });
});
