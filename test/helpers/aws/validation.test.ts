/** Early validation: README.md, rule E14. */
import { DescribeEventsCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import type { CloudFormation } from './cloudformation/model.ts';
import { abc, driver, type StackDriver } from './stack-driver.ts';
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
