/** Stacks: README.md, rules C10 to C15. */
import {
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { driver, type StackDriver, template, topic } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
});
afterEach(() => aws.close());

const ONE = template({ News: topic('one') });

describe('stacks', () => {
  it('C10: keep to their Region and account', async () => {
    await stack.deploy(ONE);
    for (const other of [
      clients({ endpoint: aws.endpoint, region: 'us-east-1' }),
      clients({ endpoint: aws.endpoint, account: '999999999999' }),
    ]) {
      await expect(other.cloudFormation.send(new DescribeStacksCommand({ StackName: 'shop' }))).rejects.toThrow(
        'Stack with id shop does not exist',
      );
    }
  });

  it('C11: are listed in pages', async () => {
    aws.options.pageSize = 2;
    for (const StackName of ['a', 'b', 'c'])
      await sdk.cloudFormation.send(new CreateStackCommand({ StackName, TemplateBody: ONE }));
    const first = await sdk.cloudFormation.send(new DescribeStacksCommand({}));
    const second = await sdk.cloudFormation.send(new DescribeStacksCommand({ NextToken: first.NextToken }));
    expect([first.Stacks?.length, second.Stacks?.map(({ StackName }) => StackName), second.NextToken]).toEqual([
      2,
      ['c'],
      undefined,
    ]);
    await expect(
      sdk.cloudFormation.send(new CreateStackCommand({ StackName: 'a', TemplateBody: ONE })),
    ).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'Stack [a] already exists',
    });
  });

  it('C12: are deleted against the direction of dependencies, and stay visible by ARN', async () => {
    await stack.deploy(
      template({
        A: topic('a'),
        B: { ...topic('b'), DependsOn: 'A' },
        Kept: { ...topic('c'), DeletionPolicy: 'Retain' },
      }),
    );
    const { StackId } = await stack.stack();
    const kept = aws.cloudformation('eu-west-1').resource('shop', 'Kept').physicalId;
    await stack.events();
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }));
    expect((await stack.stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    await expect(stack.stack()).rejects.toThrow('Stack with id shop does not exist');
    const { StackResources = [] } = await sdk.cloudFormation.send(
      new DescribeStackResourcesCommand({ StackName: StackId }),
    );
    expect(StackResources.map((one) => `${one.LogicalResourceId} ${one.ResourceStatus}`)).toEqual([
      'A DELETE_COMPLETE',
      'Kept DELETE_SKIPPED',
      'B DELETE_COMPLETE',
    ]);
    expect(
      aws
        .cloudformation('eu-west-1')
        .engine.world.all('AWS::SNS::Topic', '111122223333')
        .map(({ physicalId }) => physicalId),
    ).toEqual([kept]);
    const { StackSummaries = [] } = await sdk.cloudFormation.send(
      new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }),
    );
    expect(StackSummaries.map((one) => one.StackId)).toEqual([StackId]);
    await expect(sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }))).resolves.toBeDefined();
  });

  it('C13: are protected from deletion', async () => {
    await stack.deploy(ONE);
    const protect = (EnableTerminationProtection: boolean) =>
      new UpdateTerminationProtectionCommand({ StackName: 'shop', EnableTerminationProtection });
    await sdk.cloudFormation.send(protect(true));
    await expect(sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }))).rejects.toThrow(
      'Stack [shop] cannot be deleted while TerminationProtection is enabled',
    );
    await sdk.cloudFormation.send(protect(false));
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }));
    await expect(stack.stack()).rejects.toThrow('does not exist');
  });

  it('C14: retain resources only after a deletion failed', async () => {
    await stack.deploy(template({ A: topic('a'), B: topic('b') }));
    const remove = (RetainResources?: string[]) =>
      sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop', RetainResources }));
    await expect(remove(['A'])).rejects.toThrow(
      'specify which resources to retain only when the stack is in the DELETE_FAILED state.',
    );
    aws.cloudformation('eu-west-1').failNext({ stack: 'shop', resource: 'A', phase: 'delete', reason: 'in use' });
    await remove();
    const failed = await stack.stack();
    expect([failed.StackStatus, failed.StackStatusReason]).toEqual([
      'DELETE_FAILED',
      'The following resource(s) failed to delete: [A].',
    ]);
    await expect(remove(['B'])).rejects.toThrow('Do not specify resources that are in the DELETE_COMPLETE state.');
    await remove(['A']);
    expect((await stack.stack(failed.StackId)).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('C15: list their resources', async () => {
    await stack.deploy(ONE);
    const { StackResourceSummaries = [] } = await sdk.cloudFormation.send(
      new ListStackResourcesCommand({ StackName: 'shop' }),
    );
    expect(StackResourceSummaries).toMatchObject([
      {
        LogicalResourceId: 'News',
        ResourceType: 'AWS::SNS::Topic',
        ResourceStatus: 'CREATE_COMPLETE',
        LastUpdatedTimestamp: expect.any(Date),
      },
    ]);
    expect(StackResourceSummaries[0]?.PhysicalResourceId).toMatch(
      /^arn:aws:sns:eu-west-1:111122223333:shop-News-[A-Z0-9]{12}$/,
    );
  });
});
