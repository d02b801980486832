/** Changes behind the back of a stack: README.md, rules D1 to D6. */
import {
  DescribeStackDriftDetectionStatusCommand,
  DescribeStackResourceDriftsCommand,
  DetectStackDriftCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
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

const body = (comment: string, retention = 30) =>
  template({
    Logs: {
      Type: 'AWS::Logs::LogGroup',
      Properties: { RetentionInDays: retention, Tags: [{ Key: 'team', Value: 'video' }] },
    },
    Alarm: {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: {
        AlarmDescription: comment,
        ComparisonOperator: 'GreaterThanThreshold',
        EvaluationPeriods: 1,
        Dimensions: [{ Name: 'a', Value: '1' }],
      },
    },
  });
const REVERT = { DeploymentMode: 'REVERT_DRIFT' as const };

async function detect() {
  const { StackDriftDetectionId } = await sdk.cloudFormation.send(new DetectStackDriftCommand({ StackName: 'shop' }));
  return sdk.cloudFormation.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
}

async function drifts() {
  const { StackResourceDrifts = [] } = await sdk.cloudFormation.send(
    new DescribeStackResourceDriftsCommand({ StackName: 'shop' }),
  );
  return Object.fromEntries(StackResourceDrifts.map((one) => [one.LogicalResourceId, one]));
}

describe('detection', () => {
  it('D1: sees what was changed, added and removed', async () => {
    await stack.deploy(body('one'));
    expect(await detect()).toMatchObject({
      DetectionStatus: 'DETECTION_COMPLETE',
      StackDriftStatus: 'IN_SYNC',
      DriftedStackResourceCount: 0,
    });
    cf.touch('shop', 'Logs', '/RetentionInDays', 7);
    cf.touch('shop', 'Alarm', '/Dimensions/1', { Name: 'b', Value: '2' });
    cf.touch('shop', 'Alarm', '/AlarmDescription', undefined);
    cf.touch('shop', 'Alarm', '/Threshold', 5);
    expect(await detect()).toMatchObject({ StackDriftStatus: 'DRIFTED', DriftedStackResourceCount: 2 });
    const found = await drifts();
    expect(found.Logs).toMatchObject({
      StackResourceDriftStatus: 'MODIFIED',
      PropertyDifferences: [
        { PropertyPath: '/RetentionInDays', ExpectedValue: '30', ActualValue: '7', DifferenceType: 'NOT_EQUAL' },
      ],
    });
    expect(found.Alarm?.PropertyDifferences).toEqual([
      { PropertyPath: '/AlarmDescription', ExpectedValue: 'one', ActualValue: 'null', DifferenceType: 'REMOVE' },
      {
        PropertyPath: '/Dimensions/1',
        ExpectedValue: 'null',
        ActualValue: '{"Name":"b","Value":"2"}',
        DifferenceType: 'ADD',
      },
    ]);
    expect((await stack.stack()).DriftInformation?.StackDriftStatus).toBe('DRIFTED');
  });

  it('D2: sees what is gone, and takes its time', async () => {
    await stack.deploy(body('one'));
    cf.remove('shop', 'Logs');
    aws.options.stepsPerPoll = 1;
    const { StackDriftDetectionId } = await sdk.cloudFormation.send(new DetectStackDriftCommand({ StackName: 'shop' }));
    await expect(sdk.cloudFormation.send(new DetectStackDriftCommand({ StackName: 'shop' }))).rejects.toThrow(
      'already in progress',
    );
    const ask = () => sdk.cloudFormation.send(new DescribeStackDriftDetectionStatusCommand({ StackDriftDetectionId }));
    expect((await ask()).DetectionStatus).toBe('DETECTION_IN_PROGRESS');
    expect((await ask()).DetectionStatus).toBe('DETECTION_COMPLETE');
    expect((await drifts()).Logs?.StackResourceDriftStatus).toBe('DELETED');
  });

  it('D3: needs a stack at rest', async () => {
    cf.failNext({ stack: 'shop', resource: 'Logs', phase: 'create', reason: 'no' });
    await stack.deploy(body('one'));
    await expect(detect()).rejects.toMatchObject({ name: 'ValidationError' });
  });
});

describe('updates of a drifted stack', () => {
  it('D4: leave alone what the template did not change', async () => {
    await stack.deploy(body('one'));
    cf.touch('shop', 'Logs', '/RetentionInDays', 7);
    cf.touch('shop', 'Alarm', '/EvaluationPeriods', 9);
    expect(Object.keys(await stack.changes(body('two')))).toEqual(['Alarm']);
    await stack.deploy(body('two'));
    expect(cf.live('shop', 'Logs')?.RetentionInDays).toBe(7);
    expect(cf.live('shop', 'Alarm')).toMatchObject({ AlarmDescription: 'two', EvaluationPeriods: 9 });
    cf.remove('shop', 'Alarm');
    expect(await stack.deploy(body('three'))).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('tags', () => {
  it('D4: of others stay when an update changes ours', async () => {
    await stack.deploy(body('one'));
    cf.touch('shop', 'Logs', '/Tags/1', { Key: 'foreign', Value: 'x' });
    await stack.deploy(body('one').replace('"Value":"video"', '"Value":"web"'));
    expect(cf.live('shop', 'Logs')?.Tags).toEqual([
      { Key: 'team', Value: 'web' },
      { Key: 'foreign', Value: 'x' },
    ]);
  });
});

describe('drift-aware change sets', () => {
  it('D5: compare three ways, and bring back what the template says', async () => {
    await stack.deploy(body('one'));
    expect((await stack.plan(body('one'), REVERT)).Status).toBe('FAILED');
    cf.touch('shop', 'Logs', '/RetentionInDays', 7);
    cf.touch('shop', 'Logs', '/Tags/1', { Key: 'foreign', Value: 'x' });
    const planned = await stack.plan(body('one'), REVERT);
    expect([planned.StackDriftStatus, planned.DeploymentMode]).toEqual(['DRIFTED', 'REVERT_DRIFT']);
    expect(planned.Changes).toHaveLength(1);
    const change = planned.Changes?.[0]?.ResourceChange;
    expect(change).toMatchObject({
      Action: 'Modify',
      LogicalResourceId: 'Logs',
      ResourceDriftStatus: 'MODIFIED',
      Replacement: 'False',
    });
    expect(change?.Details).toEqual([
      {
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
        Target: {
          Attribute: 'Properties',
          Name: 'RetentionInDays',
          Path: '/Properties/RetentionInDays',
          RequiresRecreation: 'Never',
          BeforeValue: '7',
          AfterValue: '30',
          AttributeChangeType: 'Modify',
          BeforeValueFrom: 'ACTUAL_STATE',
          AfterValueFrom: 'TEMPLATE',
          Drift: { PreviousValue: '30', ActualValue: '7', DriftDetectionTimestamp: expect.any(Date) },
        },
      },
    ]);
    expect(JSON.parse(String(change?.BeforeContext)).Properties.RetentionInDays).toBe(7);
    expect(JSON.parse(String(change?.PreviousDeploymentContext)).Properties.RetentionInDays).toBe(30);
    expect(await stack.deploy(body('one'), REVERT)).toBe('UPDATE_COMPLETE');
    expect(cf.live('shop', 'Logs')).toEqual({
      RetentionInDays: 30,
      Tags: [
        { Key: 'team', Value: 'video' },
        { Key: 'foreign', Value: 'x' },
      ],
    });
  });

  it('D5: make again what is gone, and only take note where the template follows', async () => {
    await stack.deploy(body('one'));
    cf.remove('shop', 'Alarm');
    cf.touch('shop', 'Logs', '/RetentionInDays', 7);
    const changes = await stack.changes(body('one', 7), REVERT);
    expect(changes).toMatchObject({
      Alarm: { Action: 'Add', ResourceDriftStatus: 'DELETED' },
      Logs: {
        Action: 'SyncWithActual',
        Details: [{ ChangeSource: 'NoModification', Target: { AttributeChangeType: 'SyncWithActual' } }],
      },
    });
    await stack.deploy(body('one', 7), REVERT);
    expect(cf.live('shop', 'Alarm')?.AlarmDescription).toBe('one');
    expect((await detect()).StackDriftStatus).toBe('IN_SYNC');
  });

  it('D6: go back to what was live if they fail', async () => {
    await stack.deploy(body('one'));
    cf.touch('shop', 'Logs', '/RetentionInDays', 7);
    cf.failNext({ stack: 'shop', resource: 'Alarm', phase: 'update', reason: 'no' });
    expect(await stack.deploy(body('two'), REVERT)).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(cf.live('shop', 'Logs')?.RetentionInDays).toBe(7);
    expect(cf.live('shop', 'Alarm')?.AlarmDescription).toBe('one');
  });
});
