/** IAM actions that deploying this module needs, beside those of CloudFormation itself. */
import type { ModuleContract } from '../../generator/modules/contract.ts';

/** Reason → actions. CloudFormation calls them with the permissions of whoever deploys. */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
  'The distribution in front of the origins': [
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
  'The token check': [
    'cloudfront:CreateFunction',
    'cloudfront:DescribeFunction',
    'cloudfront:GetFunction',
    'cloudfront:UpdateFunction',
    'cloudfront:PublishFunction',
    'cloudfront:DeleteFunction',
  ],
  'The store of keys and revocations; not its content': [
    'cloudfront:CreateKeyValueStore',
    'cloudfront:DescribeKeyValueStore',
    'cloudfront:UpdateKeyValueStore',
    'cloudfront:DeleteKeyValueStore',
  ],
  'What is in the cache key': policyActions('CachePolicy'),
  'Location headers': policyActions('OriginRequestPolicy'),
  'CORS headers': policyActions('ResponseHeadersPolicy'),
  'Access to private buckets and MediaPackage endpoints': policyActions('OriginAccessControl'),
  'Retention of the log of the token check': [
    'logs:CreateLogGroup',
    'logs:DeleteLogGroup',
    'logs:DescribeLogGroups',
    'logs:PutRetentionPolicy',
    'logs:DeleteRetentionPolicy',
    'logs:TagResource',
    'logs:UntagResource',
    'logs:ListTagsForResource',
  ],
  'Revoked sessions in AWS WAF, and the web ACL that a flat-rate plan demands': [
    'wafv2:CreateRuleGroup',
    'wafv2:GetRuleGroup',
    'wafv2:UpdateRuleGroup',
    'wafv2:DeleteRuleGroup',
    'wafv2:CreateWebACL',
    'wafv2:GetWebACL',
    'wafv2:UpdateWebACL',
    'wafv2:DeleteWebACL',
    'wafv2:TagResource',
    'wafv2:UntagResource',
    'wafv2:ListTagsForResource',
  ],
  'Key record, issuer record and the values of verification headers': [
    'secretsmanager:CreateSecret',
    'secretsmanager:DescribeSecret',
    'secretsmanager:UpdateSecret',
    'secretsmanager:DeleteSecret',
    'secretsmanager:TagResource',
    'secretsmanager:UntagResource',
    'secretsmanager:GetRandomPassword',
  ],
  'The value of a verification header goes into the distribution; no key is read': ['secretsmanager:GetSecretValue'],
  'The policy that issuers get': [
    'iam:CreatePolicy',
    'iam:GetPolicy',
    'iam:GetPolicyVersion',
    'iam:ListPolicyVersions',
    'iam:CreatePolicyVersion',
    'iam:DeletePolicyVersion',
    'iam:DeletePolicy',
  ],
  'Alarms on the token check': [
    'cloudwatch:PutMetricAlarm',
    'cloudwatch:DescribeAlarms',
    'cloudwatch:DeleteAlarms',
    'cloudwatch:TagResource',
    'cloudwatch:UntagResource',
    'cloudwatch:ListTagsForResource',
  ],
  'The topic that alarms are sent to': [
    'sns:CreateTopic',
    'sns:GetTopicAttributes',
    'sns:SetTopicAttributes',
    'sns:DeleteTopic',
    'sns:TagResource',
    'sns:UntagResource',
    'sns:ListTagsForResource',
  ],
};

export const permissions: ModuleContract['permissions'] = Object.entries(NEEDED).flatMap(([because, actions]) =>
  actions.map((action) => ({ action, because })),
);

function policyActions(kind: string): string[] {
  return ['Create', 'Get', 'Update', 'Delete'].map((verb) => `cloudfront:${verb}${kind}`);
}
