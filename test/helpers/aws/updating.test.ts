/** Updating a stack step by step, and failing: README.md, rules E8 to E13. */
import {
  CancelUpdateStackCommand,
  ContinueUpdateRollbackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
  RollbackStackCommand,
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
const names = () => ['A', 'B', 'C'].map((id) => cf.live('shop', id)?.DisplayName);

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
