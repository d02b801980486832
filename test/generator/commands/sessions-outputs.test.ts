/** The commands find table and workflow in what `generate` makes and `deploy` deploys. */
import { expect, it } from 'vitest';
import { clients } from '../../helpers/aws/clients.ts';
import { driver } from '../../helpers/aws/stack-driver.ts';
import { ACCOUNT, deployment, HOME } from '../../helpers/deployment.ts';
import { generated } from '../../helpers/generated.ts';

const CONFIG = `project: acme
origins:
  packager: {domain: origin.example.com}
policies:
  viewer: {lifetime: 3h}
streams:
  live: {paths: [/live/], policy: viewer}
modules:
  base: {}
environments:
  dev: {account: "${ACCOUNT}", region: ${HOME}}
`;

it('the outputs of the deployed stack are those that the commands look for', async () => {
  const { environments, diagnostics } = await generated(CONFIG);
  expect(diagnostics).toEqual([]);
  const made = await deployment();
  const [tree] = environments;
  await made.output(tree?.tree);
  await made.must(['deploy', '--yes']);
  const { cloudFormation } = clients({ endpoint: made.aws.endpoint, region: HOME, account: ACCOUNT });
  const { Outputs = [] } = await driver(cloudFormation, 'acme-dev-base-home').stack();
  const outputs = Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue ?? '']));
  made.aws.states.create(outputs.KeysMachineArn ?? '', { run: () => ({ output: { keys: [], voidBefore: 7 } }) });
  made.aws.tables.create(outputs.RevocationTable ?? '', { byCreated: { partition: 'type', sort: 'created' } });
  const list = await made.must(['keys', 'list', '--json']);
  expect(JSON.parse(list.stdout)).toMatchObject({ environment: 'dev', voidBefore: 7 });
  const session = 's'.repeat(22);
  const revoked = JSON.parse((await made.must(['revoke', session, '--json'])).stdout);
  // Three hours, and what clocks may differ by.
  expect(revoked.expires - Math.floor(made.clock.now().getTime() / 1000)).toBe(3 * 3600 + 120);
  const listed = JSON.parse((await made.must(['sessions', 'list', '--json'])).stdout);
  expect(listed.rows).toMatchObject([{ session }]);
  expect((await made.run(['unrevoke', session])).code).toBe(0);
});
