/** The workflow `deploy`, job by job, with a stand-in for GitHub and one for AWS. */
import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../helpers/config.ts';
import { repositoryWith } from '../helpers/github/repository.ts';
import { byHand, config, MERGED, PATIENCE, pullRequest, push, world } from './world.ts';

const executed = (calls: readonly { operation: string }[]): number =>
  calls.filter(({ operation }) => operation === 'ExecuteChangeSet').length;

describe('a push', { timeout: PATIENCE }, () => {
  it('deploys the reviewed plan and nothing else', async () => {
    const { plan, deploy, repository, aws } = await world();
    await plan(pullRequest());
    await repository.change(MERGED);

    await repository.commit(config({ lifetime: '9h' }));
    const other = await deploy(push());
    expect([other.plan.result, other.deploy.result], other.plan.log).toEqual(['success', 'failure']);
    expect(other.deploy.log).toContain('EP7303');
    expect(executed(aws.calls)).toBe(0);

    await repository.commit(`${config()}\n`);
    const same = await deploy(push());
    expect([same.plan.result, same.deploy.result], same.plan.log + same.deploy.log).toEqual(['success', 'success']);
    expect(same.deploy.roles).toEqual(['arn:aws:iam::111111111111:role/edgepass/edgepass-acme-dev-deploy']);
    expect(executed(aws.calls)).toBeGreaterThan(0);
    expect(same.deploy.summary).toMatch(/Deployments on record\n {4}\d{4}-/);
  });

  it('stops where nobody reviewed a plan', async () => {
    const { deploy, repository, aws } = await world();
    const none = await deploy(push());
    expect([none.plan.result, none.deploy.result]).toEqual(['failure', 'skipped']);
    expect(none.plan.log).toContain('::error::No pull request brought cafe');
    await repository.change({ ...MERGED, runs: [] });
    expect((await deploy(push())).plan.log).toContain('has no plan that succeeded');
    await repository.change({ runs: [{ id: 100, head_sha: 'feed', head_repository: { full_name: 'mallory/video' } }] });
    expect((await deploy(push())).plan.log).toContain('has no plan that succeeded');
    await repository.change(MERGED);
    expect((await deploy(push())).plan.log).toContain('cannot be fetched');
    expect(executed(aws.calls)).toBe(0);
  });
});

describe('a start by hand', { timeout: PATIENCE }, () => {
  it('deploys the plan that the run shows in its summary', async () => {
    const { deploy, aws } = await world();
    const done = await deploy(byHand(), { allow: 'replace-state widen-permissions' });
    expect([done.plan.result, done.deploy.result], done.deploy.log).toEqual(['success', 'success']);
    expect(done.plan.summary).toContain('### edgepass plan');
    expect(executed(aws.calls)).toBeGreaterThan(0);
  });

  it('takes a risk as a word, whatever is typed', async () => {
    const { deploy, aws } = await world();
    const done = await deploy(byHand(), { allow: 'x; touch hacked' });
    expect(done.deploy.result).toBe('failure');
    expect(done.deploy.log).toContain('--allow takes the name of a risk');
    expect(executed(aws.calls)).toBe(0);
  });
});

describe('scripts', () => {
  const script = (name: string, env: Record<string, string>, ...args: string[]) =>
    spawnSync(process.execPath, [join(root, 'pipelines/scripts', name), ...args], { env, encoding: 'utf8' });

  it('earlier-done wants every environment before this one, in the order of config.yaml', async () => {
    const repository = await repositoryWith(config());
    const MATRIX = JSON.stringify({ include: ['dev', 'staging', 'prod'].map((environment) => ({ environment })) });
    const env = { ...repository.env, GH_TOKEN: 'x', GITHUB_REPOSITORY: 'acme/video', GITHUB_RUN_ID: '1', MATRIX };
    await repository.change({
      jobs: [
        { name: 'deploy dev', conclusion: 'success' },
        { name: 'deploy staging', conclusion: 'failure' },
      ],
    });
    const status = (ENVIRONMENT: string) => script('earlier-done.mjs', { ...env, ENVIRONMENT }).status;
    expect([status('dev'), status('staging'), status('prod'), status('other')]).toEqual([0, 0, 1, 1]);
  });

  it('smoke wants every stack at rest, and the edge to refuse who has no token', async () => {
    const { base } = await repositoryWith(config());
    const file = join(base, 'status.json');
    const look = async (stacks: object[]): Promise<number | null> => {
      await writeFile(file, JSON.stringify({ stacks }));
      return script('smoke.mjs', {}, file).status;
    };
    const fine = { id: 'a', status: 'CREATE_COMPLETE' };
    expect(await look([fine])).toBe(0);
    expect(await look([])).toBe(1);
    expect(await look([fine, { id: 'b', status: 'not deployed' }])).toBe(1);
    expect(await look([{ ...fine, advice: 'Do something.' }])).toBe(1);
    await look([fine]);
    expect(script('smoke.mjs', { SMOKE_REFUSED_URL: 'http://127.0.0.1:9/x' }, file).status).toBe(1);
  });

  it('smoke takes 401 and 403 for a refusal, and no other answer', async () => {
    const { base } = await repositoryWith(config());
    const file = join(base, 'status.json');
    await writeFile(file, JSON.stringify({ stacks: [{ id: 'a', status: 'CREATE_COMPLETE' }] }));
    const server = createServer((request, response) => response.writeHead(Number(request.url?.slice(1))).end());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const { execFile } = await import('node:child_process');
    const status = (code: number): Promise<number> =>
      new Promise((resolve) => {
        const args = [join(root, 'pipelines/scripts/smoke.mjs'), file];
        execFile(process.execPath, args, { env: { SMOKE_REFUSED_URL: `${address}/${code}` } }, (error) =>
          resolve(error === null ? 0 : 1),
        );
      });
    expect(await Promise.all([401, 403, 200, 302, 503].map(status))).toEqual([0, 0, 1, 1, 1]);
    server.close();
  });
});
