/** Permissions as modules state them: an action, and why. What resources of one kind always need stands here once. */
import type { ModuleContract } from './contract.ts';

export type Permissions = ModuleContract['permissions'];

/** Several actions for one reason. */
export function needed(because: string, ...actions: string[]): Permissions {
  return actions.map((action) => ({ action, because }));
}

/** Of every Lambda function. */
export const OWN_LOG = needed('It writes its log.', 'logs:CreateLogStream', 'logs:PutLogEvents');

/** Reason → actions, for what CloudFormation calls with the permissions of whoever deploys. */
export function deploying(reasons: Readonly<Record<string, readonly string[]>>): Permissions {
  return Object.entries(reasons).flatMap(([because, actions]) => needed(because, ...actions));
}

const of = (service: string, names: string): string[] => names.split(' ').map((name) => `${service}:${name}`);

/** Of a policy or an access control of CloudFront, e.g. `CachePolicy`. */
export const cloudFrontPolicy = (kind: string): string[] =>
  ['Create', 'Get', 'Update', 'Delete'].map((verb) => `cloudfront:${verb}${kind}`);

/** What CloudFormation calls for resources of a kind: to make, read, change, tag and delete them. */
export const DEPLOYING = {
  alarms: of('cloudwatch', 'PutMetricAlarm DescribeAlarms DeleteAlarms TagResource UntagResource ListTagsForResource'),
  dashboards: of('cloudwatch', 'PutDashboard GetDashboard DeleteDashboards'),
  distributions: of(
    'cloudfront',
    'CreateDistribution GetDistribution GetDistributionConfig UpdateDistribution DeleteDistribution',
  ),
  cloudFrontTags: of('cloudfront', 'TagResource UntagResource ListTagsForResource'),
  edgeFunctions: of(
    'cloudfront',
    'CreateFunction DescribeFunction GetFunction UpdateFunction PublishFunction DeleteFunction',
  ),
  functions: of(
    'lambda',
    'CreateFunction GetFunction GetFunctionConfiguration UpdateFunctionCode UpdateFunctionConfiguration DeleteFunction ' +
      'TagResource UntagResource ListTags',
  ),
  functionConcurrency: of('lambda', 'PutFunctionConcurrency DeleteFunctionConcurrency'),
  functionCallers: of('lambda', 'AddPermission RemovePermission GetPolicy'),
  functionUrls: of(
    'lambda',
    'CreateFunctionUrlConfig GetFunctionUrlConfig UpdateFunctionUrlConfig DeleteFunctionUrlConfig',
  ),
  logGroups: of(
    'logs',
    'CreateLogGroup DeleteLogGroup DescribeLogGroups PutRetentionPolicy DeleteRetentionPolicy TagResource UntagResource ' +
      'ListTagsForResource',
  ),
  managedPolicies: of(
    'iam',
    'CreatePolicy GetPolicy GetPolicyVersion ListPolicyVersions CreatePolicyVersion DeletePolicyVersion DeletePolicy',
  ),
  roles: of(
    'iam',
    'CreateRole GetRole UpdateRole UpdateRoleDescription UpdateAssumeRolePolicy PutRolePolicy GetRolePolicy DeleteRolePolicy ' +
      'ListRolePolicies ListAttachedRolePolicies DeleteRole PassRole TagRole UntagRole',
  ),
  secrets: of(
    'secretsmanager',
    'CreateSecret DescribeSecret UpdateSecret DeleteSecret TagResource UntagResource GetRandomPassword',
  ),
  /** It reads all that a table has, also what ours have not: when it is imported, and to find drift. */
  tables: of(
    'dynamodb',
    'CreateTable DescribeTable UpdateTable DeleteTable DescribeTimeToLive UpdateTimeToLive DescribeContinuousBackups ' +
      'UpdateContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination GetResourcePolicy TagResource ' +
      'UntagResource ListTagsOfResource',
  ),
} as const;
