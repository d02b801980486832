/** The modules of this repository are destroyed and deployed again: what they keep is found by the next deployment. */
import { expect, it } from 'vitest';
import type { DeployReport } from '../../../generator/aws/deploy.ts';
import { ACCOUNT, deployment, EDGE, HOME } from '../../helpers/deployment.ts';
import { generated } from '../../helpers/generated.ts';

const KEPT = ['IssuerRecord', 'KeyRecord', 'OriginVerifyPackager', 'RevocationTable'];

it('finds keys, revocations and verification values again, and is without drift', async () => {
  const { environments } = await generated();
  const dev = environments.find(({ tree }) => tree.environment === 'dev');
  if (dev === undefined) throw new Error('config.yaml has no environment dev');
  const one = await deployment();
  await one.output(dev.tree);
  await one.must(['deploy', '--yes']);
  const { secrets } = one.aws;
  const describe = (name: string, region: string) =>
    secrets.call('DescribeSecret', { SecretId: `edgepass/acme-video/dev/${name}` }, { account: ACCOUNT, region });
  const held = () => [
    describe('key-record', HOME),
    describe('issuer-record', HOME),
    describe('origin-verify/packager', EDGE),
  ];
  const untagged = (secret: object) => ({ ...secret, Tags: [] });
  const before = held().map(untagged);
  await one.must(['destroy', '--confirm', 'dev']);
  const ran = await one.run(['deploy', '--yes', '--json']);
  expect(ran.code, ran.stdout).toBe(0);
  const { stacks } = JSON.parse(ran.stdout) as DeployReport;
  expect(stacks.flatMap(({ takenUp = [] }) => takenUp).sort()).toEqual(KEPT);
  expect(stacks.map(({ outcome }) => outcome)).toEqual(stacks.map(() => 'created'));
  expect(held().map(untagged)).toEqual(before);
  expect((await one.run(['drift', '--fail-on-drift'])).code).toBe(0);
  expect((await one.run(['preview', '--fail-on-changes'])).code).toBe(0);
});
