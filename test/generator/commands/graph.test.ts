import { describe, expect, it } from 'vitest';
import { type ToyProject, toyProject } from '../../helpers/toy-project.ts';

async function withModules(...ids: string[]): Promise<ToyProject> {
  const project = await toyProject();
  for (const id of ids) await project.run(['new-module', id]);
  await project.edit('config.yaml', 'modules: {}', `modules: {${ids.map((id) => `${id}: {}`).join(', ')}}`);
  return project;
}

describe('edgepass graph', () => {
  it('draws the first environment when all have the same stacks', async () => {
    const project = await withModules('one', 'two');
    const { code, stdout, stderr } = await project.run(['graph']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('title: "acme dev"');
    expect(stdout).toContain('deployed 2 of 2');
    expect(stdout).toMatch(/\n {2}subgraph module_one[\s\S]*\n {2}subgraph module_two/);
  });

  it('draws the environment that is asked for', async () => {
    const project = await withModules('one');
    expect((await project.run(['graph', '--env', 'prod'])).stdout).toContain('acme-prod-one-home');
    expect((await project.run(['graph', '--env', 'prd'])).code).toBe(1);
  });

  it('asks which one when they differ', async () => {
    const project = await withModules('one', 'two');
    await project.edit('config.yaml', 'account: "222222222222"', 'modules: {two: null}, account: "222222222222"');
    const { code, stdout, stderr } = await project.run(['graph']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('dev | prod');
    expect((await project.run(['graph', '--env', 'prod'])).stdout).not.toContain('module_two');
  });

  it('gives programs the plans of all environments, the same wherever the project is', async () => {
    const project = await withModules('one');
    const { code, stdout } = await project.run(['graph', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: true,
      plans: [
        { environment: 'dev', stacks: [{ id: 'one.home', template: 'templates/one/home.yaml.hbs' }] },
        { environment: 'prod', functions: [{ id: 'one.hello', entry: 'runtime/one/hello.ts' }] },
      ],
    });
    expect(stdout).not.toContain(project.folder);
  });

  it('reports what is wrong with the plan', async () => {
    const project = await withModules('one');
    await project.edit('templates/one/module.ts', 'imports: []', "imports: [{ stack: 'home', output: 'gone.arn' }]");
    expect(await project.run(['graph'])).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('EP2005'),
    });
  });
});
