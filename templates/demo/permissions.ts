/** IAM actions that deploying this module needs, beside those of CloudFormation itself. */
import type { ModuleContract } from '../../generator/modules/contract.ts';
import { cloudFrontPolicy, DEPLOYING, deploying } from '../../generator/modules/permissions.ts';

const {
  alarms,
  cloudFrontTags,
  dashboards,
  distributions,
  edgeFunctions,
  functionCallers,
  functionConcurrency,
  functionUrls,
  functions,
  logGroups,
  roles,
  secrets,
} = DEPLOYING;

export const permissions: ModuleContract['permissions'] = deploying({
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
  'The distribution in front of website and function': distributions,
  'Tags of CloudFront resources': cloudFrontTags,
  'What the edge says of viewers': edgeFunctions,
  'Headers of the website, its content security policy among them': cloudFrontPolicy('ResponseHeadersPolicy'),
  'Bucket and function answer this distribution only': cloudFrontPolicy('OriginAccessControl'),
  'The access code, which Secrets Manager makes': secrets,
  'Retention of logs': logGroups,
  'The functions that publish the website and issue tokens': [
    ...functions,
    ...functionConcurrency,
    ...functionUrls,
    ...functionCallers,
  ],
  'The website is published by a function that CloudFormation calls': ['lambda:InvokeFunction'],
  'What the functions may do': roles,
  'The dashboard': dashboards,
  Alarms: alarms,
});
