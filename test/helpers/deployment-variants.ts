/** The output of an environment of three small stacks, and how it may vary. */
import type { OutputTree } from '../../generator/output/manifest.ts';
import { outputTreeOf, type TreeParts } from './output-tree.ts';

export const ACCOUNT = '111111111111';
export const HOME = 'eu-west-1';
export const EDGE = 'us-east-1';
export const BUCKETS = [HOME, EDGE].map((region) => ({ region, bucket: `edgepass-artifacts-${ACCOUNT}-${region}` }));

/** What the templates of the three stacks vary in. */
export interface Variant {
  /** Description of the rule group: an ordinary change. */
  rules?: string;
  /** Key attribute of the table: replaces it. */
  tableKey?: string;
  table?: boolean;
  /** Actions of the worker's role: widens or narrows permissions. */
  actions?: string[];
  /** Value in the owned property. */
  ownedRules?: string;
  /** Text of the Lambda function. */
  code?: string;
  /** What the worker's topic is called. */
  topic?: string;
  protected?: boolean;
  /** A stack that depends on nothing. */
  alone?: boolean;
  /** A template with one more resource for `home`. */
  extra?: string;
  /** Named resources that outlive their stack: a table in `home`, with `all` also secrets in `home` and `edge`. */
  kept?: 'table' | 'all';
}

const TAGS = `
      Tags:
        - Key: edgepass:environment
          Value: dev
        - Key: edgepass:project
          Value: acme`;

const secret = (id: string, name: string, more = ''): string => `  ${id}:
    Type: AWS::SecretsManager::Secret
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
    Properties:
      Name: ${name}
      Description: kept${more}${TAGS}
`;

const ROWS = `  Rows:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: RetainExceptOnCreate
    UpdateReplacePolicy: Retain
    Properties:
      TableName: acme-dev-rows
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: id
          AttributeType: S
      KeySchema:
        - AttributeName: id
          KeyType: HASH${TAGS}
`;

/** Its value is generated, and nothing but the secret has it. */
const VERIFY = secret(
  'Verify',
  'edgepass/acme/dev/origin-verify/packager',
  '\n      GenerateSecretString:\n        PasswordLength: 48',
);

const edgeTemplate = ({
  rules = 'revoked sessions',
  ownedRules = 'placeholder',
  kept,
}: Variant): string => `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  RevocationRules:
    Type: AWS::WAFv2::RuleGroup
    Properties:
      Name: acme-dev-revocations
      Description: ${rules}
      Scope: CLOUDFRONT
      Capacity: 10
      VisibilityConfig:
        CloudWatchMetricsEnabled: true
        MetricName: revocations
        SampledRequestsEnabled: true
      Rules:
        - Name: ${ownedRules}
          Priority: 0
          Action:
            Block: {}
          Statement:
            GeoMatchStatement:
              CountryCodes:
                - AQ
          VisibilityConfig:
            CloudWatchMetricsEnabled: true
            MetricName: placeholder
            SampledRequestsEnabled: true
  EdgeNote:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /acme/dev/edge
      Type: String
      Value: edge
${kept === 'all' ? VERIFY : ''}Outputs:
  RuleGroupArn:
    Value: !GetAtt RevocationRules.Arn
  NoteName:
    Value: !Ref EdgeNote
`;

const homeTemplate = ({
  tableKey = 'session',
  table = true,
  extra = '',
  kept,
}: Variant): string => `AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Marker:
    Type: AWS::SSM::Parameter
    Properties:
      Name: /acme/dev/home
      Type: String
      Value: home
${
  table
    ? `  Revocations:
    Type: AWS::DynamoDB::Table
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions:
        - AttributeName: ${tableKey}
          AttributeType: S
      KeySchema:
        - AttributeName: ${tableKey}
          KeyType: HASH
`
    : ''
}${kept === undefined ? '' : ROWS}${kept === 'all' ? secret('KeyRecord', 'edgepass/acme/dev/key-record') : ''}${extra.replace('Resources:\n', '')}Outputs:
  MarkerName:
    Value: !Ref Marker
`;

const workerTemplate = (
  { actions = ['wafv2:GetRuleGroup'], topic = 'worker' }: Variant,
  digest: string,
): string => `AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  ArtifactBucket:
    Type: String
  BaseRuleGroupArn:
    Type: String
  HomeMarkerName:
    Type: String
Resources:
  WorkerRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - Effect: Allow
            Principal:
              Service: lambda.amazonaws.com
            Action: sts:AssumeRole
      Policies:
        - PolicyName: rules
          PolicyDocument:
            Version: "2012-10-17"
            Statement:
              - Effect: Allow
                Action: [${actions.map((action) => `"${action}"`).join(', ')}]
                Resource: !Ref BaseRuleGroupArn
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs22.x
      Role: !GetAtt WorkerRole.Arn
      Description: !Ref HomeMarkerName
      Code:
        S3Bucket: !Ref ArtifactBucket
        S3Key: functions/${digest}.zip
  Topic:
    Type: AWS::SNS::Topic
    Properties:
      DisplayName: ${topic}
`;

/** `edge` and `home` are independent, `worker` needs both. */
export function variantTree(variant: Variant = {}): OutputTree {
  const code = variant.code ?? 'exports.handler = async () => 1;';
  const digest = outputTreeOf({ functions: { 'base.rulesWorker': code } }).manifest.functions[0]?.sha256 ?? '';
  const stacks: TreeParts['stacks'] = {
    'base.edge': {
      template: edgeTemplate(variant),
      placement: 'edge',
      region: EDGE,
      outputs: { RuleGroupArn: 'Rule group', NoteName: 'Note' },
      runtimeOwned: [
        {
          resource: 'RevocationRules',
          property: 'Properties.Rules',
          because: 'The revocation worker writes the rules.',
        },
      ],
    },
    'base.home': {
      template: homeTemplate(variant),
      outputs: { MarkerName: 'Marker' },
      stateful: variant.table === false ? [] : ['Revocations'],
    },
    'base.worker': {
      template: workerTemplate(variant, digest),
      dependsOn: ['base.edge', 'base.home'],
      parameters: {
        ArtifactBucket: { artifactBucket: true },
        BaseRuleGroupArn: { output: 'base.ruleGroupArn', from: 'base.edge' },
        HomeMarkerName: { output: 'base.markerName', from: 'base.home' },
      },
    },
  };
  if (variant.alone)
    stacks['toy.alone'] = { template: homeTemplate({ table: false }).replace('/dev/home', '/dev/alone') };
  return outputTreeOf({
    manifest: { account: ACCOUNT, region: HOME, protected: variant.protected ?? false },
    stacks,
    functions: { 'base.rulesWorker': code },
  });
}
