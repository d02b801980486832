import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeProject } from '../../../generator/commands/init/write-project.ts';
import { root } from '../../helpers/config.ts';
import { initFolder, options, temporaryFolder, typing } from './init-project.ts';

describe('what exists already', () => {
  it.each(['a file', 'a folder', 'a broken link'])('stays, when config.yaml is %s', async (kind) => {
    const { folder, init, files } = await initFolder();
    const file = join(folder, 'config.yaml');
    if (kind === 'a file') await writeFile(file, 'mine');
    else if (kind === 'a folder') await mkdir(file);
    else await symlink('/nowhere', file);
    const { code, stderr } = await init(options());
    expect([code, stderr]).toEqual([1, expect.stringContaining('config.yaml: error EP7701')]);
    expect(Object.keys(await files().catch(() => ({})))).not.toContain('package.json');
    if (kind === 'a file') expect(await files()).toEqual({ 'config.yaml': 'mine' });
  });

  it.each([
    ['', 'node_modules/\nout/\n'],
    ['dist\n', 'dist\nnode_modules/\nout/\n'],
    ['/out\r\n*.log', '/out\r\n*.log\r\nnode_modules/\r\n'],
    ['out/\nnode_modules\n', 'out/\nnode_modules\n'],
    ['\xff\n', '\xff\nnode_modules/\nout/\n'],
  ])('.gitignore %j is completed, never overwritten', async (before, after) => {
    const { folder, init, files } = await initFolder();
    await writeFile(join(folder, '.gitignore'), before, 'latin1');
    expect((await init(options())).code).toBe(0);
    expect((await files())['.gitignore']).toBe(after);
  });

  it('package.json stays, and what it lacks is said', async () => {
    const { folder, init, files } = await initFolder();
    await writeFile(join(folder, 'package.json'), '{"name": "mine"}');
    const { code, stderr } = await init(options());
    expect([code, stderr]).toEqual([0, expect.stringContaining('npm install --save-dev --save-exact edgepass@')]);
    expect(stderr).toContain('EP7705');
    expect((await files())['package.json']).toBe('{"name": "mine"}');
  });

  it('package.json that names edgepass is no news', async () => {
    const { folder, init } = await initFolder();
    await writeFile(join(folder, 'package.json'), '{"devDependencies": {"edgepass": "0.0.1"}}');
    expect((await init(options())).stderr).not.toContain('EP7705');
  });

  it('a .gitignore of endless size is not read', async () => {
    const { folder, init, files } = await initFolder();
    await writeFile(join(folder, '.gitignore'), Buffer.alloc(2 * 1024 * 1024, 'a\n'));
    expect(await init(options())).toMatchObject({ code: 1, stderr: expect.stringContaining('EP7701') });
    expect(Object.keys(await files())).toEqual(['.gitignore']);
  });

  it('a second run says so and changes nothing', async () => {
    const { init, files } = await initFolder();
    await init(['shop', ...options()]);
    const before = await files();
    expect(await init(['shop', ...options({ project: 'other' })])).toMatchObject({ code: 1 });
    expect(await files()).toEqual(before);
  });
});

describe('all or nothing', () => {
  it('makes folders as needed, and leaves none behind when one cannot be made', async () => {
    const { folder, init, files } = await initFolder();
    expect((await init(['a/b/c', ...options()])).code).toBe(0);
    expect(Object.keys(await files())).toContain('a/b/c/config.yaml');
    await writeFile(join(folder, 'file'), '');
    const before = await files();
    expect(await init(['file/deeper', ...options()])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP7704'),
    });
    expect(await files()).toEqual(before);
  });

  it('undoes what it wrote when a later file cannot be written', async () => {
    const { folder, init, files } = await initFolder();
    const packageRoot = await packageWithWorkflows();
    await mkdir(join(folder, 'project'));
    // The folder of the workflows cannot be made: a file has its name.
    await writeFile(join(folder, 'project', '.github'), 'mine');
    await writeFile(join(folder, 'project', '.gitignore'), 'dist\n');
    const { code, stderr } = await init(['project', ...options()], { packageRoot });
    expect([code, stderr]).toEqual([1, expect.stringContaining('EP7704')]);
    const left = Object.entries(await files()).filter(([path]) => path.startsWith('project/'));
    expect(Object.fromEntries(left)).toEqual({ 'project/.github': 'mine', 'project/.gitignore': 'dist\n' });
  });

  it.runIf(process.getuid?.() !== 0)('refuses a folder that is read-only', async () => {
    const { folder, init, files } = await initFolder();
    await chmod(folder, 0o555);
    expect(await init(options())).toMatchObject({ code: 1, stderr: expect.stringContaining('EP7704') });
    await chmod(folder, 0o755);
    expect(await files()).toEqual({});
  });

  it('finds out before it asks', async () => {
    const { folder, init } = await initFolder();
    await writeFile(join(folder, 'file'), '');
    const { code, stderr } = await init(['file/deeper'], typing('acme'));
    expect([code, stderr]).toEqual([1, expect.stringContaining('EP7704')]);
    expect(stderr).not.toContain('question');
  });

  it('does not overwrite a file that came after the check, and undoes the rest', async () => {
    const { folder, files } = await initFolder();
    await writeFile(join(folder, 'config.yaml'), 'mine');
    const written = await writeProject(folder, [
      { path: 'new/deep/file', action: 'create', content: 'a' },
      { path: 'config.yaml', action: 'create', content: 'ours' },
    ]);
    expect([written.ok, written.diagnostics.map(({ code }) => code)]).toEqual([false, ['EP7704']]);
    expect([await files(), existsSync(join(folder, 'new'))]).toEqual([{ 'config.yaml': 'mine' }, false]);
  });

  it('takes another name for the configuration file', async () => {
    const { init, run, files } = await initFolder();
    expect((await init([...options(), '--config=video.yaml'])).code).toBe(0);
    expect((await files())['package.json']).toContain('"edgepass generate --config video.yaml"');
    expect((await run(['validate', '--config', 'video.yaml'])).code).toBe(0);
  });

  it('refuses a folder in which nobody may write', async () => {
    const { init } = await initFolder();
    expect(await init(['/proc/edgepass', ...options()])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('EP7704'),
    });
  });
});

describe('GitHub workflows', () => {
  it('are copied byte by byte; other files of the folder are not', async () => {
    const { init, files } = await initFolder();
    const packageRoot = await packageWithWorkflows();
    expect((await init(['project', ...options()], { packageRoot })).code).toBe(0);
    const written = Object.entries(await files()).filter(([path]) => path.startsWith('project/.github/'));
    expect(Object.fromEntries(written)).toEqual({
      'project/.github/workflows/deploy.yml': 'on: push\n',
      'project/.github/workflows/plan.yml': 'on: pull_request # é\n'.replace('é', 'Ã©'),
    });
  });

  it('are left out when asked', async () => {
    const { init, files } = await initFolder();
    const packageRoot = await packageWithWorkflows();
    await init(['project', ...options(), '--no-pipelines'], { packageRoot });
    expect(Object.keys(await files()).filter((path) => path.includes('.github'))).toEqual([]);
  });

  it('that exist are kept when they are the same, and stop everything when they are not', async () => {
    const { folder, init, files } = await initFolder();
    const packageRoot = await packageWithWorkflows();
    const mine = join(folder, 'project/.github/workflows');
    await mkdir(mine, { recursive: true });
    await writeFile(join(mine, 'deploy.yml'), 'on: nothing\n');
    const { code, stderr } = await init(['project', ...options()], { packageRoot });
    expect([code, stderr]).toEqual([1, expect.stringContaining('.github/workflows/deploy.yml: error EP7701')]);
    expect(Object.keys(await files()).filter((path) => path.startsWith('project/'))).toHaveLength(1);
    await writeFile(join(mine, 'deploy.yml'), 'on: push\n');
    expect((await init(['project', ...options()], { packageRoot })).code).toBe(0);
  });
});

/** This package with two workflows. */
async function packageWithWorkflows(): Promise<string> {
  const packageRoot = await temporaryFolder();
  const workflows = join(packageRoot, 'pipelines/workflows');
  await mkdir(join(workflows, 'folder.yml'), { recursive: true });
  await writeFile(join(workflows, 'plan.yml'), 'on: pull_request # é\n');
  await writeFile(join(workflows, 'deploy.yml'), 'on: push\n');
  await writeFile(join(workflows, 'README.md'), 'not a workflow');
  for (const part of ['schema', 'templates', 'runtime', 'generator', 'node_modules'])
    await symlink(join(root, part), join(packageRoot, part));
  return packageRoot;
}
