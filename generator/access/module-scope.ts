/**
 * On which resources the actions of a module are allowed. Modules state actions; where they may act follows from the
 * name: what CloudFormation names begins with the stack's name, and what a template names begins with project and
 * environment. Where ids are random, the account and the Region are the limit.
 * Source: Service Authorization Reference, table "Resource types" of each service.
 */
import { regionsOf, type Scope } from './grant.ts';

interface Names extends Scope {
  /** `<project>-<environment>-*` */
  stem: string;
}

type Arns = (names: Names) => string[];

/** One ARN for each Region of the environment. */
const regional =
  (service: string, ...paths: ((names: Names) => string)[]): Arns =>
  (names) =>
    regionsOf(names).flatMap((region) =>
      paths.map((path) => `arn:aws:${service}:${region}:${names.account}:${path(names)}`),
    );

const global =
  (service: string, ...paths: ((names: Names) => string)[]): Arns =>
  (names) =>
    paths.map((path) => `arn:aws:${service}::${names.account}:${path(names)}`);

const named =
  (before: string): ((names: Names) => string) =>
  ({ stem }) =>
    `${before}${stem}`;
const any =
  (path: string): (() => string) =>
  () =>
    path;

/** By prefix of the action. */
const SERVICES: Readonly<Record<string, Arns>> = {
  apigateway: ({ region }) => [`arn:aws:apigateway:${region}::/*`],
  athena: regional('athena', named('workgroup/')),
  cloudfront: global('cloudfront', any('*')),
  cloudwatch: (names) => [
    ...regional('cloudwatch', named('alarm:'))(names),
    ...global('cloudwatch', named('dashboard/'))(names),
  ],
  dynamodb: regional('dynamodb', named('table/')),
  events: regional('events', named('rule/')),
  glue: regional('glue', any('catalog'), any('database/*'), any('table/*')),
  iam: global('iam', named('role/'), named('policy/')),
  lambda: regional('lambda', named('function:'), any('event-source-mapping:*')),
  // Log groups are named by the service that writes them, and CloudFront's deliveries have names of their own.
  logs: regional('logs', any('*')),
  s3: ({ stem }) => [`arn:aws:s3:::${stem}`, `arn:aws:s3:::${stem}/*`],
  scheduler: regional('scheduler', named('schedule/*/'), named('schedule-group/')),
  secretsmanager: regional(
    'secretsmanager',
    ({ project, environment }) => `secret:edgepass/${project}/${environment}/*`,
  ),
  sns: regional('sns', named('')),
  sqs: regional('sqs', named('')),
  ssm: regional('ssm', ({ project, environment }) => `parameter/edgepass/${project}/${environment}/*`),
  states: regional('states', named('stateMachine:')),
  // A rule group, a web ACL, and the sets of rules that AWS manages.
  wafv2: regional('wafv2', any('global/*')),
};

/** Actions that know no resource. */
const OPEN = new Set([
  'cloudfront:CreateCachePolicy',
  'cloudfront:CreateOriginAccessControl',
  'cloudfront:CreateOriginRequestPolicy',
  'cloudfront:CreateResponseHeadersPolicy',
  'cloudwatch:DescribeAlarms',
  'lambda:CreateEventSourceMapping',
  'lambda:ListEventSourceMappings',
  'logs:DescribeLogGroups',
  'logs:DescribeResourcePolicies',
  'logs:PutResourcePolicy',
  'logs:DeleteResourcePolicy',
  'secretsmanager:GetRandomPassword',
  'states:ValidateStateMachineDefinition',
]);

export function isOpen(action: string): boolean {
  return OPEN.has(action);
}

/** A service that is not in the table is held to the account only. */
export function resourcesOf(service: string, scope: Scope): string[] {
  const names = { ...scope, stem: `${scope.project}-${scope.environment}-*` };
  const arns = SERVICES[service] ?? regional(service, any('*'));
  return [...new Set(arns(names))];
}
