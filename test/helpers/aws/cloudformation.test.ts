/** Creating, updating and deleting stacks: README.md, rules C1 to C9. */
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteChangeSetCommand,
  DeleteStackCommand,
  DescribeChangeSetCommand,
  DescribeStackResourcesCommand,
  DescribeStacksCommand,
  ExecuteChangeSetCommand,
  GetTemplateCommand,
  GetTemplateSummaryCommand,
  ListChangeSetsCommand,
  ListStackResourcesCommand,
  ListStacksCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
  ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
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

const topic = (DisplayName: string) => ({ Type: 'AWS::SNS::Topic', Properties: { DisplayName } });
const ONE = template({ News: topic('one') });
const TWO = template({ News: topic('two') });

describe('templates', () => {
  it('C1: refuses what is too large, broken, or refers to nothing', async () => {
    const send = (TemplateBody: string) => sdk.cloudFormation.send(new ValidateTemplateCommand({ TemplateBody }));
    const cases: [string, string][] = [
      [
        `{"Resources": {"A": {"Type": "AWS::SNS::Topic"}}}${' '.repeat(51_200)}`,
        'Member must have length less than or equal to 51200',
      ],
      ['{"Resources": {}}', 'At least one Resources member must be defined'],
      ['Resources: [', 'YAML not well-formed'],
      ['{"Resources": {"A": {"Type": "AWS::SNS::Tropic"}}}', 'Unrecognized resource types: [AWS::SNS::Tropic]'],
      [
        '{"Resource": {}, "Resources": {"A": {"Type": "AWS::SNS::Topic"}}}',
        'Invalid template property or properties [Resource]',
      ],
      [
        template({ A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { Ref: 'B' } } } }),
        'Unresolved resource dependencies [B] in the Resources block',
      ],
    ];
    for (const [body, message] of cases) {
      await expect(send(body), message).rejects.toMatchObject({
        name: 'ValidationError',
        message: expect.stringContaining(message),
      });
    }
    await expect(send(`${ONE}${' '.repeat(51_200 - ONE.length)}`)).resolves.toBeDefined();
  });

  it('C1: reads larger templates from S3, in both spellings of the URL', async () => {
    aws.s3.createBucket('artifacts', { account: '111122223333', region: 'eu-west-1' });
    const Body = `${ONE}${' '.repeat(60_000)}`;
    await sdk.s3.send(new PutObjectCommand({ Bucket: 'artifacts', Key: 'a/b.json', Body }));
    for (const url of ['https://artifacts.s3.eu-west-1.amazonaws.com/a/b.json', `${aws.endpoint}/artifacts/a/b.json`]) {
      const { ResourceTypes } = await sdk.cloudFormation.send(new GetTemplateSummaryCommand({ TemplateURL: url }));
      expect(ResourceTypes).toEqual(['AWS::SNS::Topic']);
    }
    const gone = new GetTemplateSummaryCommand({ TemplateURL: `${aws.endpoint}/artifacts/none.json` });
    await expect(sdk.cloudFormation.send(gone)).rejects.toThrow('S3 error: The specified key does not exist.');
    const foreign = new GetTemplateSummaryCommand({ TemplateURL: 'https://example.com/t.json' });
    await expect(sdk.cloudFormation.send(foreign)).rejects.toThrow('TemplateURL must be a supported URL.');
  });

  it('C2: resolves functions, conditions and pseudo parameters, in YAML', async () => {
    const body = `
Parameters:
  Stage: {Type: String}
  Names: {Type: CommaDelimitedList, Default: "a, b"}
Conditions:
  IsProd: !Equals [!Ref Stage, prod]
Resources:
  Base:
    Type: AWS::SNS::Topic
    Properties: {TopicName: !Sub "\${AWS::StackName}-\${Stage}"}
  Extra: {Type: AWS::SNS::Topic, Condition: IsProd}
  Rule:
    Type: AWS::SSM::Parameter
    Properties:
      Type: String
      Value: !Join ["/", [!Ref Base, !GetAtt Base.TopicName, !Select [1, !Ref Names], !If [IsProd, p, !Ref AWS::Region]]]
      Description: !If [IsProd, prod, !Ref AWS::NoValue]
Outputs:
  Topic: {Value: !Ref Base}
  Extra: {Condition: IsProd, Value: !Ref Extra}
`;
    const given = { Parameters: [{ ParameterKey: 'Stage', ParameterValue: 'dev' }] };
    expect(await stack.deploy(body, given)).toBe('CREATE_COMPLETE');
    const arn = 'arn:aws:sns:eu-west-1:111122223333:shop-dev';
    expect(aws.cloudformation('eu-west-1').live('shop', 'Rule')).toEqual({
      Type: 'String',
      Value: `${arn}/shop-dev/b/eu-west-1`,
    });
    expect((await stack.stack()).Outputs).toEqual([{ OutputKey: 'Topic', OutputValue: arn }]);
    expect((await sdk.cloudFormation.send(new GetTemplateCommand({ StackName: 'shop' }))).TemplateBody).toBe(body);
  });

  it('C2: a circle and an import without export are refused', async () => {
    const circle = template({
      A: { Type: 'AWS::SNS::Topic', DependsOn: 'B' },
      B: { Type: 'AWS::SNS::Topic', DependsOn: 'A' },
    });
    expect((await stack.plan(circle)).StatusReason).toBe('Circular dependency between resources: [A, B]');
    const imports = template({ A: { Type: 'AWS::SNS::Topic', Properties: { TopicName: { 'Fn::ImportValue': 'x' } } } });
    expect((await stack.plan(imports)).StatusReason).toBe('No export named x found.');
  });

  it('C3: asks for parameters, keeps previous ones, and masks secret ones', async () => {
    const Parameters = { Key: { Type: 'String', NoEcho: true }, Size: { Type: 'String', AllowedValues: ['s', 'm'] } };
    const body = (name: string) =>
      template(
        { A: { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { 'Fn::Sub': `${name} \${Key}` } } } },
        { Parameters },
      );
    const key = { ParameterKey: 'Key', ParameterValue: 'hush' };
    const size = { ParameterKey: 'Size', ParameterValue: 'm' };
    await expect(stack.plan(body('x'))).rejects.toThrow('Parameters: [Key, Size] must have values');
    const extra = { ParameterKey: 'Other', ParameterValue: '1' };
    await expect(stack.plan(body('x'), { Parameters: [key, size, extra] })).rejects.toThrow(
      'Parameters: [Other] do not exist in the template',
    );
    await expect(stack.plan(body('x'), { Parameters: [key, { ...size, ParameterValue: 'l' }] })).rejects.toThrow(
      "Parameter 'Size' must be one of",
    );
    await stack.deploy(body('x'), { Parameters: [key, size] });
    const previous = ['Key', 'Size'].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true }));
    const planned = await stack.plan(body('y'), { Parameters: previous });
    expect(planned.Parameters).toEqual([{ ...key, ParameterValue: '****' }, size]);
    expect(planned.Changes?.[0]?.ResourceChange?.AfterContext).toBe('{"Properties":{"DisplayName":"y ****"}}');
    expect(aws.cloudformation('eu-west-1').live('shop', 'A')).toEqual({ DisplayName: 'x hush' });
  });

  it('C4: wants IAM acknowledged', async () => {
    const role = (more: object) =>
      template({ R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {}, ...more } } });
    await expect(stack.plan(role({}))).rejects.toMatchObject({
      name: 'InsufficientCapabilitiesException',
      message: 'Requires capabilities : [CAPABILITY_IAM]',
    });
    await expect(stack.plan(role({ RoleName: 'r' }), { Capabilities: ['CAPABILITY_IAM'] })).rejects.toThrow(
      '[CAPABILITY_NAMED_IAM]',
    );
    expect((await stack.plan(role({}), { Capabilities: ['CAPABILITY_NAMED_IAM'] })).Status).toBe('CREATE_COMPLETE');
  });
});

describe('change sets', () => {
  it('C5: bring a stack into being that has nothing but a review', async () => {
    const planned = await stack.plan(ONE);
    expect([planned.Status, planned.ExecutionStatus]).toEqual(['CREATE_COMPLETE', 'AVAILABLE']);
    expect((await stack.stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
    await sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: planned.ChangeSetId }));
    expect((await stack.stack()).StackStatus).toBe('CREATE_COMPLETE');
    const after = await sdk.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: planned.ChangeSetId }));
    expect([after.Status, after.ExecutionStatus]).toEqual(['CREATE_COMPLETE', 'EXECUTE_COMPLETE']);
    const again = new CreateChangeSetCommand({
      StackName: 'shop',
      ChangeSetName: 'c',
      ChangeSetType: 'CREATE',
      TemplateBody: ONE,
    });
    await expect(sdk.cloudFormation.send(again)).rejects.toThrow(
      'Stack [shop] already exists and cannot be created again with the changeSet [c].',
    );
  });

  it('C5: can only update what is there', async () => {
    const send = sdk.cloudFormation.send(
      new CreateChangeSetCommand({ StackName: 'none', ChangeSetName: 'c', TemplateBody: ONE }),
    );
    await expect(send).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack [none] does not exist' });
    const gone = sdk.cloudFormation.send(new DescribeChangeSetCommand({ StackName: 'none', ChangeSetName: 'c' }));
    await expect(gone).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
      message: 'ChangeSet [c] does not exist',
    });
  });

  it('C6: fail with the reason of AWS if nothing changes', async () => {
    await stack.deploy(ONE);
    const same = await stack.plan(ONE);
    expect([same.Status, same.ExecutionStatus]).toEqual(['FAILED', 'UNAVAILABLE']);
    expect(same.StatusReason).toMatch(/^The submitted information didn't contain changes\./);
    expect((await stack.plan(template({ News: topic('one') }, { Description: 'd' }))).StatusReason).toBe(
      'No updates are to be performed.',
    );
    const outputs = await stack.plan(template({ News: topic('one') }, { Outputs: { A: { Value: 'a' } } }));
    expect([outputs.Status, outputs.Changes ?? []]).toEqual(['CREATE_COMPLETE', []]);
    await expect(
      sdk.cloudFormation.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody: ONE })),
    ).rejects.toThrow('No updates are to be performed.');
  });

  it('C7: cannot be executed before they are complete, nor twice', async () => {
    const { Id } = await sdk.cloudFormation.send(
      new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody: ONE }),
    );
    const execute = (token?: string) =>
      sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: Id, ClientRequestToken: token }));
    await expect(execute()).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
      message: `ChangeSet [${Id}] cannot be executed in its current status of [CREATE_PENDING]`,
    });
    await sdk.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    await execute('t1');
    await expect(execute('t1')).resolves.toBeDefined();
    await expect(execute('t2')).rejects.toThrow('execution status of [EXECUTE_IN_PROGRESS]');
  });

  it('C8: are obsolete once the stack is another one', async () => {
    await stack.deploy(ONE);
    const mine = await stack.plan(TWO);
    await sdk.cloudFormation.send(
      new UpdateStackCommand({ StackName: 'shop', TemplateBody: template({ News: topic('three') }) }),
    );
    await stack.stack();
    const execute = new ExecuteChangeSetCommand({ ChangeSetName: mine.ChangeSetId });
    await expect(sdk.cloudFormation.send(execute)).rejects.toThrow(
      `ChangeSet [${mine.ChangeSetId}] cannot be executed in its current execution status of [OBSOLETE]`,
    );
    expect(aws.cloudformation('eu-west-1').live('shop', 'News')).toEqual({ DisplayName: 'three' });
  });

  it('C8: are gone once another one was executed', async () => {
    await stack.deploy(ONE);
    const mine = await stack.plan(TWO);
    const { ChangeSetId } = await stack.plan(template({ News: topic('three') }));
    await sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
    const execute = new ExecuteChangeSetCommand({ ChangeSetName: mine.ChangeSetId });
    await expect(sdk.cloudFormation.send(execute)).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
    await stack.stack();
    await expect(sdk.cloudFormation.send(execute)).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });

  it('C9: are idempotent by content, listed, and deleted', async () => {
    const make = (TemplateBody: string) =>
      sdk.cloudFormation.send(
        new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody }),
      );
    const { Id } = await make(ONE);
    expect((await make(ONE)).Id).toBe(Id);
    await expect(make(TWO)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'ChangeSet c cannot be created due to a mismatch with existing attribute Template',
    });
    const list = async () =>
      (await sdk.cloudFormation.send(new ListChangeSetsCommand({ StackName: 'shop' }))).Summaries ?? [];
    expect((await list()).map(({ ChangeSetName }) => ChangeSetName)).toEqual(['c']);
    await sdk.cloudFormation.send(new DeleteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'c' }));
    expect(await list()).toEqual([]);
    expect((await stack.stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
  });
});

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
