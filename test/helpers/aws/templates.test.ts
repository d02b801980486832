/** Templates and their inputs: README.md, rules C1 to C4. */
import { GetTemplateCommand, GetTemplateSummaryCommand, ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { PutObjectCommand } from '@aws-sdk/client-s3';
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

  it('C3: takes an empty list as none', async () => {
    expect((await stack.plan(ONE, { Parameters: [], Tags: [], Capabilities: [] })).Status).toBe('CREATE_COMPLETE');
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
