/** What happens to a stack step by step, and when something fails: README.md, rules E1 to E14. */
import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  CreateChangeSetCommand,
  DescribeEventsCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  RollbackStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import type { OrderedFailure } from './cloudformation/failures.ts';
import type { CloudFormation } from './cloudformation/model.ts';
import { driver, type StackDriver, template } from './stack-driver.ts';
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

const topic = (DisplayName: string, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { DisplayName },
  ...more,
});
/** B needs A; C needs nobody. */
const abc = (word: string) =>
  template({ A: topic(`${word} a`), B: topic(`${word} b`, { DependsOn: 'A' }), C: topic(`${word} c`) });
const fails = (resource: string, phase: OrderedFailure['phase']) =>
  cf.failNext({ stack: 'shop', resource, phase, reason: 'because' });
const names = () => ['A', 'B', 'C'].map((id) => cf.live('shop', id)?.DisplayName);

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

describe('updating', () => {
  it('E8: replaces by making the new before removing the old', async () => {
    const named = (TopicName: string) =>
      template({ A: { Type: 'AWS::SNS::Topic', Properties: { TopicName } }, B: topic('b') });
    await stack.deploy(named('one'));
    await stack.events();
    expect(await stack.deploy(named('two'))).toBe('UPDATE_COMPLETE');
    expect(await stack.events()).toEqual([
      'shop UPDATE_IN_PROGRESS',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_IN_PROGRESS',
      'A UPDATE_COMPLETE',
      'shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'A DELETE_IN_PROGRESS',
      'A DELETE_COMPLETE',
      'shop UPDATE_COMPLETE',
    ]);
    expect(cf.resource('shop', 'A').physicalId).toBe('arn:aws:sns:eu-west-1:111122223333:two');
    expect(cf.engine.world.all('AWS::SNS::Topic', '111122223333')).toHaveLength(2);
  });

  it('E8: cannot replace what has a name of its own', async () => {
    const store = (Scope: string) =>
      template({
        A: { Type: 'AWS::WAFv2::IPSet', Properties: { Name: 'mine', Scope, IPAddressVersion: 'IPV4', Addresses: [] } },
      });
    await stack.deploy(store('REGIONAL'));
    expect(await stack.deploy(store('CLOUDFRONT'))).toBe('UPDATE_ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await sdk.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
    expect(StackEvents.find((one) => one.ResourceStatus === 'UPDATE_FAILED')?.ResourceStatusReason).toBe(
      'CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename mine and update the stack again.',
    );
  });

  it('E9: removes at the end, unless the policy says to keep', async () => {
    await stack.deploy(template({ A: topic('a'), B: topic('b'), C: topic('c', { DeletionPolicy: 'Retain' }) }));
    await stack.events();
    await stack.deploy(template({ A: topic('a') }));
    expect((await stack.events()).slice(1)).toEqual([
      'shop UPDATE_COMPLETE_CLEANUP_IN_PROGRESS',
      'B DELETE_IN_PROGRESS',
      'B DELETE_COMPLETE',
      'C DELETE_SKIPPED',
      'shop UPDATE_COMPLETE',
    ]);
    expect(
      cf.engine.world.all('AWS::SNS::Topic', '111122223333').map(({ properties }) => properties.DisplayName),
    ).toEqual(['a', 'c']);
  });

  it('E10: is rolled back to the previous template, and goes on from there', async () => {
    await stack.deploy(abc('x'));
    fails('B', 'update');
    const wider = template({ A: topic('y a'), B: topic('y b', { DependsOn: 'A' }), C: topic('x c'), D: topic('d') });
    expect(await stack.deploy(wider)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(names()).toEqual(['x a', 'x b', 'x c']);
    expect(cf.engine.world.all('AWS::SNS::Topic', '111122223333')).toHaveLength(3);
    expect((await stack.plan(abc('x'))).Status).toBe('FAILED');
    expect(await stack.deploy(abc('z'))).toBe('UPDATE_COMPLETE');
  });

  it('E11: a rollback that fails can be continued, skipping what cannot be restored', async () => {
    await stack.deploy(abc('x'));
    fails('B', 'update');
    fails('A', 'rollback');
    expect(await stack.deploy(abc('y'))).toBe('UPDATE_ROLLBACK_FAILED');
    const { StackId } = await stack.stack();
    const update = new UpdateStackCommand({ StackName: 'shop', TemplateBody: abc('z') });
    await expect(sdk.cloudFormation.send(update)).rejects.toThrow(
      `Stack:${StackId} is in UPDATE_ROLLBACK_FAILED state and can not be updated.`,
    );
    const more = (ResourcesToSkip?: string[]) =>
      sdk.cloudFormation.send(new ContinueUpdateRollbackCommand({ StackName: 'shop', ResourcesToSkip }));
    await expect(more(['C'])).rejects.toMatchObject({ name: 'ValidationError' });
    fails('A', 'rollback');
    await more();
    expect((await stack.stack()).StackStatus).toBe('UPDATE_ROLLBACK_FAILED');
    await more(['A']);
    expect((await stack.stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(names()).toEqual(['y a', 'x b', 'x c']);
    await expect(more()).rejects.toThrow('UPDATE_ROLLBACK_COMPLETE');
  });

  it('E12: pauses without rollback, and can be repeated, taken back, or not without asking', async () => {
    await stack.deploy(abc('x'));
    fails('A', 'update');
    expect(await stack.deploy(abc('y'), {}, { DisableRollback: true })).toBe('UPDATE_FAILED');
    expect(names()).toEqual(['x a', 'x b', 'y c']);
    const retry = (DisableRollback?: boolean) =>
      sdk.cloudFormation.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody: abc('y'), DisableRollback }));
    await expect(retry()).rejects.toThrow('This stack is currently in a non-terminal [UPDATE_FAILED] state.');
    fails('B', 'update');
    await retry(true);
    expect((await stack.stack()).StackStatus).toBe('UPDATE_FAILED');
    expect(names()).toEqual(['y a', 'x b', 'y c']);
    await sdk.cloudFormation.send(new RollbackStackCommand({ StackName: 'shop' }));
    expect((await stack.stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(names()).toEqual(['x a', 'x b', 'x c']);
  });

  it('E12: taking back a creation deletes the stack', async () => {
    fails('A', 'create');
    await stack.deploy(abc('x'), {}, { DisableRollback: true });
    const { StackId } = await stack.stack();
    await sdk.cloudFormation.send(new RollbackStackCommand({ StackName: 'shop' }));
    expect((await stack.stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  });

  it('E13: can be cancelled while it runs', async () => {
    await stack.deploy(abc('x'));
    const cancel = () => sdk.cloudFormation.send(new CancelUpdateStackCommand({ StackName: 'shop' }));
    await expect(cancel()).rejects.toThrow('CancelUpdateStack cannot be called from current stack status');
    aws.options.stepsPerPoll = 2;
    await sdk.cloudFormation.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody: abc('y') }));
    await sdk.cloudFormation.send(new DescribeStacksCommand({ StackName: 'shop' }));
    await cancel();
    cf.settle('shop');
    expect((await stack.stack()).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(names()).toEqual(['x a', 'x b', 'x c']);
  });
});

describe('early validation', () => {
  const finding = { stack: 'shop', resource: 'A', path: '/Resources/A/Properties/DisplayName', reason: 'too long' };

  it('E14: fails the change set and tells why only in DescribeEvents', async () => {
    cf.failValidation(finding);
    const { Status, StatusReason, ChangeSetId, ChangeSetName } = await stack.plan(abc('x'));
    expect([Status, StatusReason]).toEqual([
      'FAILED',
      'The following hook(s)/validation failed: [AWS::EarlyValidation::PropertyValidation]. To troubleshoot Early Validation errors, use the DescribeEvents API for detailed failure information.',
    ]);
    const { OperationEvents = [] } = await sdk.cloudFormation.send(
      new DescribeEventsCommand({ ChangeSetName: ChangeSetId, Filters: { FailedEvents: true } }),
    );
    expect(OperationEvents).toMatchObject([
      { OperationType: 'CREATE_CHANGESET', OperationStatus: 'FAILED', EventType: 'STACK_EVENT' },
      {
        EventType: 'VALIDATION_ERROR',
        LogicalResourceId: 'A',
        ResourceType: 'AWS::SNS::Topic',
        ValidationFailureMode: 'FAIL',
        ValidationName: 'PROPERTY_VALIDATION',
        ValidationStatusReason: 'too long',
        ValidationPath: '/Resources/A/Properties/DisplayName',
      },
    ]);
    await expect(sdk.cloudFormation.send(new DescribeEventsCommand({ ChangeSetName }))).rejects.toThrow(
      'One of ChangeSetName, OperationId or StackName must be specified',
    );
    expect((await stack.plan(abc('x'))).Status).toBe('CREATE_COMPLETE');
  });

  it('E14: only warns where it is told to, and can be switched off', async () => {
    cf.failValidation({ ...finding, mode: 'WARN' });
    const { Status, ChangeSetId } = await stack.plan(abc('x'));
    const { OperationEvents = [] } = await sdk.cloudFormation.send(
      new DescribeEventsCommand({ ChangeSetName: ChangeSetId }),
    );
    expect([Status, OperationEvents.map(({ ValidationFailureMode }) => ValidationFailureMode)]).toEqual([
      'CREATE_COMPLETE',
      [undefined, 'WARN'],
    ]);
    cf.failValidation(finding);
    expect((await stack.plan(abc('x'), { DisableValidation: true })).Status).toBe('CREATE_COMPLETE');
  });
});
