/** An environment of three small stacks, an AWS to deploy it to, and the commands run against it. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Io } from '../../generator/commands/command.ts';
import type { OutputTree } from '../../generator/output/manifest.ts';
import type { AwsCall, Aws as FakeAws } from './aws/start.ts';
import { startAws } from './aws/start.ts';
import { type Ran, run } from './fake-io.ts';
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
}

const edgeTemplate = ({
  rules = 'revoked sessions',
  ownedRules = 'placeholder',
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
Outputs:
  RuleGroupArn:
    Value: !GetAtt RevocationRules.Arn
  NoteName:
    Value: !Ref EdgeNote
`;

const homeTemplate = ({
  tableKey = 'session',
  table = true,
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
}Outputs:
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

export interface Deployment {
  aws: FakeAws;
  /** Folder with `out`. */
  folder: string;
  /** Writes the output, as `generate` would. */
  output(variant?: Variant | OutputTree): Promise<OutputTree>;
  run(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  /** Runs, expects it to be fine, and forgets the calls. */
  must(argv: readonly string[], io?: Partial<Io>): Promise<Ran>;
  /** `service:Operation` of each call since the last `must`, in order. */
  operations(): string[];
  clock: ReturnType<typeof testClock>;
}

/** Time passes only when somebody waits. */
export function testClock(start = Date.parse('2026-11-24T12:00:00Z')): {
  now(): Date;
  sleep(ms: number): Promise<void>;
} {
  let time = start;
  return {
    now: () => new Date(time),
    sleep: async (ms) => {
      time += ms;
    },
  };
}

/** An AWS with artifact buckets, and the output of `variant`. */
export async function deployment(
  variant: Variant = {},
  { buckets = true, stepsPerPoll = Number.POSITIVE_INFINITY, pageSize = 100 } = {},
): Promise<Deployment> {
  const clock = testClock();
  const aws = await startAws({ account: ACCOUNT, stepsPerPoll, pageSize, now: () => clock.now().getTime() });
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-deploy-'));
  onTestFinished(async () => {
    await aws.close();
    await rm(folder, { recursive: true, force: true });
  });
  if (buckets) for (const at of BUCKETS) await makeBucket(aws, at);
  aws.calls.length = 0;
  const start: Deployment['run'] = (argv, io) =>
    run(argv, {
      cwd: folder,
      clock,
      env: {
        ...aws.environment({ region: HOME, account: ACCOUNT }),
        AWS_MAX_ATTEMPTS: '2',
        USER: 'ada',
        HOSTNAME: 'desk',
      },
      ...io,
    });
  const made: Deployment = {
    aws,
    folder,
    output: async (wanted = {}) => {
      const tree = 'manifest' in wanted ? wanted : variantTree(wanted);
      await writeTree(folder, tree);
      return tree;
    },
    run: start,
    must: async (argv, io) => {
      const ran = await start(argv, io);
      if (ran.code !== 0)
        throw new Error(`edgepass ${argv.join(' ')} ended with ${ran.code}\n${ran.stderr}\n${ran.stdout}`);
      aws.calls.length = 0;
      return ran;
    },
    clock,
    operations: () => aws.calls.map(({ service, operation }: AwsCall) => `${service}:${operation}`),
  };
  await made.output(variant);
  return made;
}

async function makeBucket(aws: FakeAws, { region, bucket }: { region: string; bucket: string }): Promise<void> {
  const { S3Client, CreateBucketCommand } = await import('@aws-sdk/client-s3');
  const client = new S3Client({
    endpoint: aws.endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId: ACCOUNT, secretAccessKey: 'secret' },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

async function writeTree(folder: string, { environment, files, manifest }: OutputTree): Promise<void> {
  const out = join(folder, 'out', environment);
  await rm(out, { recursive: true, force: true });
  for (const [path, bytes] of files) {
    await mkdir(dirname(join(out, path)), { recursive: true });
    await writeFile(join(out, path), bytes);
  }
  await writeFile(join(out, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** Line of a text in a file of the output, from 1. */
export async function lineIn(folder: string, file: string, text: string): Promise<number> {
  const lines = (await readFile(join(folder, file), 'utf8')).split('\n');
  return lines.findIndex((line) => line.includes(text)) + 1;
}
