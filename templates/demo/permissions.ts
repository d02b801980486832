/** IAM actions that deploying this module needs, beside those of CloudFormation itself. */
import type { ModuleContract } from '../../generator/modules/contract.ts';

/** Reason → actions. CloudFormation calls them with the permissions of whoever deploys. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'The bucket of the website': [
    's3:CreateBucket',
    's3:DeleteBucket',
    's3:GetBucketPolicy',
    's3:PutBucketPolicy',
    's3:DeleteBucketPolicy',
    's3:PutBucketPublicAccessBlock',
    's3:GetBucketPublicAccessBlock',
    's3:PutBucketOwnershipControls',
    's3:GetBucketOwnershipControls',
    's3:PutEncryptionConfiguration',
    's3:GetEncryptionConfiguration',
    's3:PutBucketTagging',
    's3:GetBucketTagging',
  ],
  'The distribution in front of website and function': [
    'cloudfront:CreateDistribution',
    'cloudfront:GetDistribution',
    'cloudfront:GetDistributionConfig',
    'cloudfront:UpdateDistribution',
    'cloudfront:DeleteDistribution',
  ],
  'Tags of CloudFront resources': [
    'cloudfront:TagResource',
    'cloudfront:UntagResource',
    'cloudfront:ListTagsForResource',
  ],
  'What the edge says of viewers': [
    'cloudfront:CreateFunction',
    'cloudfront:DescribeFunction',
    'cloudfront:GetFunction',
    'cloudfront:UpdateFunction',
    'cloudfront:PublishFunction',
    'cloudfront:DeleteFunction',
  ],
  'Headers of the website, its content security policy among them': policyActions('ResponseHeadersPolicy'),
  'Bucket and function answer this distribution only': policyActions('OriginAccessControl'),
  'The access code, which Secrets Manager makes': [
    'secretsmanager:CreateSecret',
    'secretsmanager:DescribeSecret',
    'secretsmanager:UpdateSecret',
    'secretsmanager:DeleteSecret',
    'secretsmanager:TagResource',
    'secretsmanager:UntagResource',
    'secretsmanager:GetRandomPassword',
  ],
  'Retention of logs': [
    'logs:CreateLogGroup',
    'logs:DeleteLogGroup',
    'logs:DescribeLogGroups',
    'logs:PutRetentionPolicy',
    'logs:DeleteRetentionPolicy',
    'logs:TagResource',
    'logs:UntagResource',
    'logs:ListTagsForResource',
  ],
  'The functions that publish the website and issue tokens': [
    'lambda:CreateFunction',
    'lambda:GetFunction',
    'lambda:GetFunctionConfiguration',
    'lambda:UpdateFunctionCode',
    'lambda:UpdateFunctionConfiguration',
    'lambda:DeleteFunction',
    'lambda:CreateFunctionUrlConfig',
    'lambda:GetFunctionUrlConfig',
    'lambda:UpdateFunctionUrlConfig',
    'lambda:DeleteFunctionUrlConfig',
    'lambda:AddPermission',
    'lambda:RemovePermission',
    'lambda:GetPolicy',
    'lambda:TagResource',
    'lambda:UntagResource',
    'lambda:ListTags',
  ],
  'The website is published by a function that CloudFormation calls': ['lambda:InvokeFunction'],
  'What the functions may do': [
    'iam:CreateRole',
    'iam:GetRole',
    'iam:UpdateRole',
    'iam:UpdateRoleDescription',
    'iam:UpdateAssumeRolePolicy',
    'iam:PutRolePolicy',
    'iam:GetRolePolicy',
    'iam:DeleteRolePolicy',
    'iam:ListRolePolicies',
    'iam:ListAttachedRolePolicies',
    'iam:DeleteRole',
    'iam:PassRole',
    'iam:TagRole',
    'iam:UntagRole',
  ],
  'The dashboard': ['cloudwatch:PutDashboard', 'cloudwatch:GetDashboard', 'cloudwatch:DeleteDashboards'],
  Alarms: [
    'cloudwatch:PutMetricAlarm',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:DeleteAlarms',
    'cloudwatch:TagResource',
    'cloudwatch:UntagResource',
    'cloudwatch:ListTagsForResource',
  ],
};

export const permissions: ModuleContract['permissions'] = Object.entries(NEEDED).flatMap(([because, actions]) =>
  actions.map((action) => ({ action, because })),
);

function policyActions(kind: string): string[] {
  return ['Create', 'Get', 'Update', 'Delete'].map((verb) => `cloudfront:${verb}${kind}`);
}
