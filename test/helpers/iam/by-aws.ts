/**
 * What services of AWS ask for themselves, because of resources in a template: in the name of which role, and on what. No action
 * is taken as used because a service might need it; it is used when there is a resource for which the service does.
 */
import { ACCOUNT, type DeployedResource } from './deployed.ts';
import type { IamRequest } from './simulate.ts';

export interface AwsUse {
  /** Service that takes on the role, or that asks by itself. */
  service: string;
  /** ARN of the role; absent where the service asks by itself, and a policy of the resource decides. */
  role?: string;
  /** What it does, in words. */
  what: string;
  /** Where AWS says that it does. */
  source: string;
  requests: IamRequest[];
  /**
   * Condition keys with which the service takes on the role. Absent where its guide names none: then a condition might keep the
   * service out.
   */
  assumes?: Readonly<Record<string, string>>;
}

type Row = (resource: DeployedResource, all: readonly DeployedResource[]) => AwsUse[];

export function usesByAws(resources: readonly DeployedResource[]): AwsUse[] {
  return resources.flatMap((resource) => ROWS[resource.type]?.(resource, resources) ?? []);
}

interface Properties {
  [member: string]: unknown;
}

/** Properties of a resource are what its type says. */
const of = <T extends Properties>({ properties }: DeployedResource): T => properties as unknown as T;
const HTTPS = { 'aws:SecureTransport': 'true' };

const ROWS: Readonly<Record<string, Row>> = {
  'AWS::Lambda::Function': (resource) => {
    const { Role, LoggingConfig } = of<{ Role: string; LoggingConfig: { LogGroup: string } }>(resource);
    const { region } = resource;
    const stream = `arn:aws:logs:${region}:${ACCOUNT}:log-group:${LoggingConfig.LogGroup}:log-stream:2026/11/24/[$LATEST]0`;
    return [
      {
        service: 'lambda.amazonaws.com',
        role: Role,
        what: 'Lambda writes the log',
        source: 'Lambda Developer Guide, "Using source function ARN to control function access behavior"',
        requests: ['CreateLogStream', 'PutLogEvents'].map((name) => ({ action: `logs:${name}`, resource: stream })),
      },
    ];
  },

  'AWS::Lambda::EventSourceMapping': (resource, all) => {
    const { FunctionName, EventSourceArn, DestinationConfig } = of<{
      FunctionName: string;
      EventSourceArn: string;
      DestinationConfig?: { OnFailure?: { Destination: string } };
    }>(resource);
    if (!/:dynamodb:.*\/stream\//.test(EventSourceArn))
      throw new Error(`${resource.id}: say in by-aws.ts what Lambda asks of such a source`);
    const role = String(all.find(({ ref }) => ref === FunctionName)?.properties.Role);
    const destination = DestinationConfig?.OnFailure?.Destination;
    const common = { service: 'lambda.amazonaws.com', role };
    return [
      {
        ...common,
        what: 'Lambda follows the stream',
        source: 'Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB", execution role permissions',
        requests: [
          ...['DescribeStream', 'GetRecords', 'GetShardIterator'].map((name) => ({
            action: `dynamodb:${name}`,
            resource: EventSourceArn,
          })),
          { action: 'dynamodb:ListStreams', resource: '*' },
        ],
      },
      ...(destination === undefined
        ? []
        : [
            {
              ...common,
              what: 'Lambda puts aside what failed',
              source: 'Lambda Developer Guide, "Using AWS Lambda with Amazon DynamoDB", destinations of failed batches',
              requests: [{ action: 'sqs:SendMessage', resource: destination, context: HTTPS }],
            },
          ]),
    ];
  },

  'AWS::StepFunctions::StateMachine': (resource) => {
    const { RoleArn, Definition } = of<{ RoleArn: string; Definition: Definition }>(resource);
    return [
      {
        service: 'states.amazonaws.com',
        role: RoleArn,
        what: 'Step Functions takes the steps',
        source: 'Step Functions Developer Guide, "Call an AWS Lambda function with Step Functions", IAM policies',
        requests: Object.values(Definition.States).flatMap(requestsOfState),
        // Step Functions Developer Guide, "Cross-service confused deputy prevention".
        assumes: { 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': resource.ref },
      },
    ];
  },

  'AWS::Scheduler::Schedule': (resource) => {
    const { Target, GroupName = 'default' } = of<{ Target: { Arn: string; RoleArn: string }; GroupName?: string }>(
      resource,
    );
    const service = Target.Arn.split(':')[2] ?? '';
    const action = { states: 'states:StartExecution', lambda: 'lambda:InvokeFunction' }[service];
    if (action === undefined) throw new Error(`${resource.id}: say in by-aws.ts what EventBridge asks of ${service}`);
    return [
      {
        service: 'scheduler.amazonaws.com',
        role: Target.RoleArn,
        what: 'EventBridge Scheduler calls the target',
        source: 'EventBridge Scheduler User Guide, "Setting up the execution role"',
        requests: [{ action, resource: Target.Arn }],
        // EventBridge Scheduler User Guide, "Confused deputy prevention": the source is the group of schedules.
        assumes: {
          'aws:SourceAccount': ACCOUNT,
          'aws:SourceArn': `arn:aws:scheduler:${resource.region}:${ACCOUNT}:schedule-group/${GroupName}`,
        },
      },
    ];
  },

  'AWS::ApiGatewayV2::Integration': (resource) => {
    const { ApiId, IntegrationUri } = of<{ ApiId: string; IntegrationUri: string }>(resource);
    const source = `arn:aws:execute-api:${resource.region}:${ACCOUNT}:${ApiId}/$default/POST/playback/{asset}`;
    return [
      {
        service: 'apigateway.amazonaws.com',
        what: 'API Gateway hands on requests',
        source: 'API Gateway Developer Guide, "Create AWS Lambda proxy integrations for HTTP APIs", permissions',
        requests: [
          { action: 'lambda:InvokeFunction', resource: IntegrationUri, context: { ...HTTPS, 'aws:SourceArn': source } },
        ],
      },
    ];
  },

  /** What is behind its origins, where it signs what it asks; a bucket of the operator's has a policy of the operator's. */
  'AWS::CloudFront::Distribution': (resource, all) => {
    const { DistributionConfig } = of<{ DistributionConfig: { Origins?: Origin[] } }>(resource);
    const context = { ...HTTPS, 'aws:SourceArn': `arn:aws:cloudfront::${ACCOUNT}:distribution/${resource.ref}` };
    return (DistributionConfig.Origins ?? [])
      .filter(({ OriginAccessControlId }) => OriginAccessControlId !== undefined)
      .map(({ DomainName }) => ({
        service: 'cloudfront.amazonaws.com',
        what: 'CloudFront asks the origin',
        source:
          'CloudFront Developer Guide, "Restrict access to an Amazon S3 origin", "… to an AWS Lambda function URL origin"',
        requests: requestsOfOrigin(DomainName, all).map((request) => ({
          ...request,
          context: { ...context, ...request.context },
        })),
      }));
  },

  'AWS::CloudWatch::Alarm': (resource) => {
    const { AlarmActions = [], OKActions = [] } = of<{ AlarmActions?: string[]; OKActions?: string[] }>(resource);
    const alarm = `arn:aws:cloudwatch:${resource.region}:${ACCOUNT}:alarm:${resource.ref}`;
    return [
      {
        service: 'cloudwatch.amazonaws.com',
        what: 'CloudWatch tells of alarms',
        source: 'CloudWatch User Guide, "Notifying users on alarm changes", Amazon SNS access policy',
        requests: [...new Set([...AlarmActions, ...OKActions])].map((topic) => ({
          action: 'sns:Publish',
          resource: topic,
          context: { ...HTTPS, 'aws:SourceAccount': ACCOUNT, 'aws:SourceArn': alarm },
        })),
      },
    ];
  },
};

interface Origin {
  DomainName: string;
  OriginAccessControlId?: string;
}

function requestsOfOrigin(host: string, all: readonly DeployedResource[]): IamRequest[] {
  const url = all.find(({ attributes }) => attributes.FunctionUrl?.includes(`//${host}/`));
  const bucket = all.find(({ attributes }) => attributes.RegionalDomainName === host);
  if (bucket !== undefined) return [{ action: 's3:GetObject', resource: `${bucket.attributes.Arn}/index.html` }];
  if (url === undefined) return [];
  const resource = String(url.properties.TargetFunctionArn);
  // Lambda Developer Guide, "Control access to Lambda function URLs": both since October 2025.
  return [
    { action: 'lambda:InvokeFunctionUrl', resource, context: { 'lambda:FunctionUrlAuthType': 'AWS_IAM' } },
    { action: 'lambda:InvokeFunction', resource, context: { 'lambda:InvokedViaFunctionUrl': 'true' } },
  ];
}

interface Definition {
  States: Readonly<Record<string, State>>;
}

interface State {
  Type: string;
  Resource?: string;
  Parameters?: { FunctionName?: string };
}

function requestsOfState({ Type, Resource, Parameters }: State): IamRequest[] {
  if (Type !== 'Task') {
    if (/^(Choice|Fail|Pass|Succeed|Wait)$/.test(Type)) return [];
    throw new Error(`say in by-aws.ts what states of type ${Type} ask`);
  }
  if (Resource !== 'arn:aws:states:::lambda:invoke') throw new Error(`say in by-aws.ts what ${Resource} asks`);
  return [{ action: 'lambda:InvokeFunction', resource: String(Parameters?.FunctionName) }];
}
