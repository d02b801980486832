/** Creating a stack step by step, and failing: README.md, rules E1 to E7. */
import {
  CreateChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import type { OrderedFailure } from './cloudformation/failures.ts';
import type { CloudFormation } from './cloudformation/model.ts';
import { abc, driver, type StackDriver, template, topic } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
let cf: CloudFormation;
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
  cf = aws.cloudformation('eu-west-1');
});
afterEach(() => aws.close());

const fails = (resource: string, phase: OrderedFailure['phase']) =>
  cf.failNext({ stack: 'shop', resource, phase, reason: 'because' });

describe('creating', () => {
  it('E1: goes in waves, with the events of AWS', async () => {
    await stack.deploy(abc('x'));
    expect(await stack.events()).toEqual([
      'shop REVIEW_IN_PROGRESS',
      'shop CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'C CREATE_IN_PROGRESS',
      'A CREATE_IN_PROGRESS',
      'A CREATE_COMPLETE',
      'C CREATE_IN_PROGRESS',
      'C CREATE_COMPLETE',
      'B CREATE_IN_PROGRESS',
      'B CREATE_IN_PROGRESS',
      'B CREATE_COMPLETE',
      'shop CREATE_COMPLETE',
    ]);
    const { StackEvents = [] } = await sdk.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
    const times = StackEvents.map(({ Timestamp }) => Number(Timestamp));
    expect(times).toEqual([...new Set(times)].sort((a, b) => b - a));
  });

  it('E2: advances only while somebody looks', async () => {
    aws.options.stepsPerPoll = 1;
    const { Id } = await sdk.cloudFormation.send(
      new CreateChangeSetCommand({
        StackName: 'shop',
        ChangeSetName: 'c',
        ChangeSetType: 'CREATE',
        TemplateBody: abc('x'),
      }),
    );
    aws.options.stepsPerPoll = 10;
    await stack.plan(abc('x'), { ChangeSetName: 'c' });
    aws.options.stepsPerPoll = 1;
    await sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: Id }));
    const statuses: string[] = [];
    for (let look = 0; look < 20; look++) statuses.push(String((await stack.stack()).StackStatus));
    expect(new Set(statuses)).toEqual(new Set(['CREATE_IN_PROGRESS', 'CREATE_COMPLETE']));
    expect(statuses.indexOf('CREATE_COMPLETE')).toBeGreaterThan(8);
    const busy = new UpdateStackCommand({ StackName: 'shop', TemplateBody: abc('y') });
    await sdk.cloudFormation.send(busy);
    await expect(sdk.cloudFormation.send(busy)).rejects.toThrow(
      /^Stack:arn:aws:cloudformation:.* is in UPDATE_IN_PROGRESS state and can not be updated\.$/,
    );
    cf.settle('shop');
    expect((await stack.stack()).StackStatus).toBe('UPDATE_COMPLETE');
  });

  it('E3: is rolled back if it fails, and cannot be updated then', async () => {
    fails('C', 'create');
    expect(await stack.deploy(abc('x'))).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await sdk.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
    const reasons = StackEvents.filter((one) => one.ResourceStatus?.match(/FAILED|^ROLLBACK_IN/)).map(
      (one) => one.ResourceStatusReason,
    );
    expect(reasons).toEqual([
      'The following resource(s) failed to create: [C]. Rollback requested by user.',
      'because',
    ]);
    expect(aws.cloudformation('eu-west-1').engine.world.all('AWS::SNS::Topic', '111122223333')).toEqual([]);
    const { StackId } = await stack.stack();
    const update = new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'u', TemplateBody: abc('y') });
    await expect(sdk.cloudFormation.send(update)).rejects.toMatchObject({
      name: 'ValidationError',
      message: `Stack:${StackId} is in ROLLBACK_COMPLETE state and can not be updated.`,
    });
  });

  it('E4: cancels what is under way beside the failure', async () => {
    fails('A', 'create');
    await stack.deploy(abc('x'), { OnStackFailure: 'DO_NOTHING' });
    expect((await stack.stack()).StackStatus).toBe('CREATE_FAILED');
    expect(cf.live('shop', 'C')).toEqual({ DisplayName: 'x c' });
    const second = driver(sdk.cloudFormation, 'second');
    cf.failNext({ stack: 'second', resource: 'A', phase: 'create', reason: 'because' });
    await second.deploy(abc('x'));
    const { StackEvents = [] } = await sdk.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'second' }));
    const failed = StackEvents.filter((one) => one.ResourceStatus === 'CREATE_FAILED').map(
      (one) => `${one.LogicalResourceId} ${one.ResourceStatusReason}`,
    );
    expect(failed).toEqual(['C Resource creation cancelled', 'A because']);
  });

  it('E5: follows OnStackFailure, and a rollback may fail too', async () => {
    fails('B', 'create');
    const { ChangeSetId, StackId } = await stack.plan(abc('x'), { OnStackFailure: 'DELETE' });
    await sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
    expect((await stack.stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
    fails('B', 'create');
    fails('A', 'rollback');
    expect(await stack.deploy(abc('x'))).toBe('ROLLBACK_FAILED');
    expect((await stack.stack()).StackStatusReason).toBe('The following resource(s) failed to delete: [A].');
  });

  it('E6: keeps Retain but not RetainExceptOnCreate when it is rolled back', async () => {
    fails('Z', 'create');
    const resources = {
      Kept: topic('k', { DeletionPolicy: 'Retain' }),
      Gone: topic('g', { DeletionPolicy: 'RetainExceptOnCreate' }),
      Z: topic('z', { DependsOn: ['Kept', 'Gone'] }),
    };
    await stack.deploy(template(resources));
    expect(
      cf.engine.world.all('AWS::SNS::Topic', '111122223333').map(({ properties }) => properties.DisplayName),
    ).toEqual(['k']);
  });

  it('E7: fails on a name that is taken', async () => {
    const named = template({
      A: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/n', Type: 'String', Value: '1' } },
    });
    await stack.deploy(named);
    const second = driver(sdk.cloudFormation, 'second');
    expect(await second.deploy(named)).toBe('ROLLBACK_COMPLETE');
    const { OperationEvents = [] } = await sdk.cloudFormation.send(
      new DescribeEventsCommand({ StackName: 'second', Filters: { FailedEvents: true } }),
    );
    const error = OperationEvents.find(({ EventType }) => EventType === 'PROVISIONING_ERROR');
    expect(error?.ResourceStatusReason).toContain(
      "Resource of type 'AWS::SSM::Parameter' with identifier '/n' already exists.",
    );
  });
});
