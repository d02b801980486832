import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { policyDocument } from '../../../generator/access/grant.ts';
import { commandGrants, PERMITTED_COMMANDS } from '../../../generator/access/policies.ts';
import { type Ran, run } from '../../helpers/fake-io.ts';
import { repositoryModules } from '../../templates/rendering.ts';

const CONFIG = `project: acme
origins:
  packager: {domain: origin.example.com}
policies:
  subscriber: {lifetime: 4h}
streams:
  live: {paths: [/live/], policy: subscriber}
modules: {base: {}}
environments:
  dev: {account: "111111111111", region: eu-west-1}
  prod: {account: "333333333333", region: us-east-1}
`;

async function permissions(...argv: string[]): Promise<Ran> {
  const cwd = await mkdtemp(join(tmpdir(), 'edgepass-permissions-'));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(join(cwd, 'config.yaml'), CONFIG);
  return run(['permissions', ...argv], { cwd });
}

describe('edgepass permissions', () => {
  it.each(PERMITTED_COMMANDS)('prints the policy of %s, from the table of the roles', async (command) => {
    const { code, stdout, stderr } = await permissions(command, '--env', 'prod');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const modules = (await repositoryModules()).modules.filter(({ contract }) => contract.always);
    const scope = { project: 'acme', environment: 'prod', account: '333333333333', region: 'us-east-1', modules };
    expect(JSON.parse(stdout)).toEqual(policyDocument(commandGrants(command, scope)));
    // One Region, named once.
    expect(new Set(stdout.match(/edgepass-artifacts-\d+-[\w-]+/g)).size).toBeLessThan(2);
  });

  it('names what was probably meant', async () => {
    const { code, stderr } = await permissions('deplpy', '--env', 'dev');
    expect(code).toBe(2);
    expect(stderr).toContain('edgepass permissions deploy');
  });

  it('needs to know the environment', async () => {
    expect((await permissions('deploy')).code).toBe(2);
    expect((await permissions('deploy', '--env', 'dvv')).code).toBe(1);
  });
});
