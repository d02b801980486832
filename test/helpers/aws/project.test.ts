/** The templates that edgepass generates deploy here, and deploying them again changes nothing: README.md, rule C16. */
import { expect, it } from 'vitest';
import { generated } from '../generated.ts';
import { clients } from './clients.ts';
import { driver } from './stack-driver.ts';
import { startAws } from './start.ts';

const ANYTHING = { Capabilities: ['CAPABILITY_NAMED_IAM' as const] };

it('C16: takes every stack of the example configuration', async () => {
  const aws = await startAws();
  const { environments } = await generated();
  const stacks = environments.flatMap((environment) => environment.stacks);
  expect(stacks.length).toBeGreaterThan(3);
  for (const { name, region, body, parameters } of stacks) {
    const stack = driver(clients({ endpoint: aws.endpoint, region }).cloudFormation, name);
    const Parameters = parameters.map((one) => ({ ParameterKey: one.name, ParameterValue: `given-${one.name}` }));
    expect(await stack.deploy(body, { ...ANYTHING, Parameters }), name).toBe('CREATE_COMPLETE');
    const again = await stack.plan(body, { ...ANYTHING, Parameters });
    expect(again.StatusReason, name).toMatch(/^The submitted information didn't contain changes/);
  }
  await aws.close();
});
