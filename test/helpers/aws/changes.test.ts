/** What change sets say: README.md, rules P1 to P8. */
import { DescribeChangeSetCommand } from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { driver, type StackDriver, template } from './stack-driver.ts';
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

const table = (more: object = {}, attributes: object = {}) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: { KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }], BillingMode: 'PAY_PER_REQUEST', ...more },
  ...attributes,
});

describe('changes', () => {
  it('P1: add and remove, and say what becomes of the thing', async () => {
    await stack.deploy(template({ A: table(), B: table({}, { DeletionPolicy: 'Retain' }) }));
    expect(await stack.changes(template({ C: table() }))).toMatchObject({
      A: {
        Action: 'Remove',
        PolicyAction: 'Delete',
        ResourceType: 'AWS::DynamoDB::Table',
        PhysicalResourceId: expect.stringMatching(/^shop-A-/),
      },
      B: { Action: 'Remove', PolicyAction: 'Retain' },
      C: { Action: 'Add', AfterContext: expect.stringContaining('"BillingMode":"PAY_PER_REQUEST"') },
    });
  });

  it('P2: modify in place, with path and values', async () => {
    await stack.deploy(
      template({ A: table({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: false } }) }),
    );
    const { A } = await stack.changes(
      template({ A: table({ PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }) }),
    );
    expect(A).toMatchObject({ Action: 'Modify', Replacement: 'False', Scope: ['Properties'] });
    expect(A?.PolicyAction).toBeUndefined();
    expect(A?.Details).toEqual([
      {
        Evaluation: 'Static',
        ChangeSource: 'DirectModification',
        Target: {
          Attribute: 'Properties',
          Name: 'PointInTimeRecoverySpecification',
          Path: '/Properties/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled',
          RequiresRecreation: 'Never',
          BeforeValue: 'false',
          AfterValue: 'true',
          AttributeChangeType: 'Modify',
        },
      },
    ]);
    expect(JSON.parse(String(A?.BeforeContext)).Properties.PointInTimeRecoverySpecification).toEqual({
      PointInTimeRecoveryEnabled: false,
    });
  });

  it('P2: show values only if asked', async () => {
    await stack.deploy(template({ A: table({ TableClass: 'STANDARD' }) }));
    const { ChangeSetId } = await stack.plan(template({ A: table({ TableClass: 'STANDARD_INFREQUENT_ACCESS' }) }));
    const { Changes } = await sdk.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: ChangeSetId }));
    const change = Changes?.[0]?.ResourceChange;
    expect(change?.Details?.[0]?.Target).toEqual({
      Attribute: 'Properties',
      Name: 'TableClass',
      RequiresRecreation: 'Never',
    });
    expect([change?.BeforeContext, change?.AfterContext]).toEqual([undefined, undefined]);
  });

  it('P3: replace where the type says so, also deep inside', async () => {
    await stack.deploy(template({ A: table(), K: table({}, { UpdateReplacePolicy: 'Retain' }) }));
    const KeySchema = [{ AttributeName: 'key', KeyType: 'HASH' }];
    const changes = await stack.changes(
      template({ A: table({ KeySchema }), K: table({ KeySchema }, { UpdateReplacePolicy: 'Retain' }) }),
    );
    expect(changes).toMatchObject({
      A: { Replacement: 'True', PolicyAction: 'ReplaceAndDelete' },
      K: { Replacement: 'True', PolicyAction: 'ReplaceAndRetain' },
    });
    expect(changes.A?.Details?.[0]?.Target).toMatchObject({
      Path: '/Properties/KeySchema/0/AttributeName',
      RequiresRecreation: 'Always',
    });
  });

  it('P4: name the parameter that causes them, twice as AWS does', async () => {
    const body = template(
      { A: table({ TableClass: { Ref: 'Class' } }) },
      { Parameters: { Class: { Type: 'String' } } },
    );
    const value = (ParameterValue: string) => ({ Parameters: [{ ParameterKey: 'Class', ParameterValue }] });
    await stack.deploy(body, value('STANDARD'));
    const { A } = await stack.changes(body, value('STANDARD_INFREQUENT_ACCESS'));
    expect(
      A?.Details?.map(({ Evaluation, ChangeSource, CausingEntity }) => [Evaluation, ChangeSource, CausingEntity]),
    ).toEqual([
      ['Dynamic', 'DirectModification', undefined],
      ['Static', 'ParameterReference', 'Class'],
    ]);
  });

  it('P5: follow references to what is replaced', async () => {
    const reader = (Properties: object) => ({
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', ...Properties },
    });
    const body = (TableName: string) =>
      template({
        T: table({ TableName }),
        Ref: reader({ Value: { Ref: 'T' } }),
        Att: reader({ Value: { 'Fn::Sub': 'x ${T.Arn}' } }),
        Name: reader({ Value: '1', Name: { 'Fn::Sub': '/t/${T}' } }),
        Other: reader({ Value: 'same' }),
      });
    await stack.deploy(body('one'));
    const changes = await stack.changes(body('two'));
    expect(Object.keys(changes)).toEqual(['Att', 'Name', 'Ref', 'T']);
    expect(changes).toMatchObject({
      T: { Replacement: 'True' },
      Ref: {
        Replacement: 'False',
        Details: [{ Evaluation: 'Dynamic', ChangeSource: 'ResourceReference', CausingEntity: 'T' }],
      },
      Att: {
        Replacement: 'False',
        Details: [{ Evaluation: 'Dynamic', ChangeSource: 'ResourceAttribute', CausingEntity: 'T.Arn' }],
      },
      Name: { Replacement: 'Conditional' },
    });
    expect(changes.Ref?.AfterContext).toContain('{{changeSet:KNOWN_AFTER_APPLY}}');
    expect(await stack.deploy(body('two'))).toBe('UPDATE_COMPLETE');
    expect(aws.cloudformation('eu-west-1').live('shop', 'Att')?.Value).toBe(
      'x arn:aws:dynamodb:eu-west-1:111122223333:table/two',
    );
    expect(aws.cloudformation('eu-west-1').resource('shop', 'Name').physicalId).toBe('/t/two');
  });

  it('P6: know tags, metadata and policies from properties', async () => {
    const tags = (Value: string) => ({ Tags: [{ Key: 'team', Value }] });
    await stack.deploy(template({ A: table(tags('a')), B: table({}, { Metadata: { v: 1 } }) }));
    expect(
      await stack.changes(
        template({ A: table(tags('b')), B: table({}, { Metadata: { v: 2 }, DeletionPolicy: 'Retain' }) }),
      ),
    ).toMatchObject({
      A: { Scope: ['Tags'], Details: [{ Target: { Attribute: 'Tags', BeforeValue: 'a', AfterValue: 'b' } }] },
      B: { Scope: ['Metadata', 'DeletionPolicy'], Replacement: 'False' },
    });
  });

  it('P7: tags of the stack change every resource that has tags', async () => {
    const body = template({ A: table(), P: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: {} } } });
    const tagged = (Value: string) => ({ Tags: [{ Key: 'k', Value }], Capabilities: ['CAPABILITY_IAM' as const] });
    await stack.deploy(body, tagged('1'));
    expect(Object.keys(await stack.changes(body, tagged('2')))).toEqual(['A']);
    expect(await stack.deploy(body, tagged('3'))).toBe('UPDATE_COMPLETE');
  });

  it('P8: a resource cannot change its type', async () => {
    await stack.deploy(template({ A: table() }));
    await expect(stack.plan(template({ A: { Type: 'AWS::SNS::Topic' } }))).rejects.toThrow(
      'Update of resource type is not permitted.',
    );
  });
});
