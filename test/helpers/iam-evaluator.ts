/** As much of IAM as policies without conditions need: is an action on a resource allowed? And which ones a call needs. */
import type { PolicyDocument } from '../../generator/access/grant.ts';
import type { AwsCall } from './aws/start.ts';

export interface IamRequest {
  action: string;
  resource: string;
}

/** `*` stands for any text, `?` for one character; actions are compared without case. Source: IAM User Guide, Resource element. */
function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}

export function isAllowed(policies: readonly PolicyDocument[], { action, resource }: IamRequest): boolean {
  return policies.some(({ Statement }) =>
    Statement.some(
      ({ Action, Resource }) =>
        Action.some((pattern) => matches(pattern.toLowerCase(), action.toLowerCase())) &&
        Resource.some((pattern) => matches(pattern, resource)),
    ),
  );
}

const S3_ACTIONS: Readonly<Record<string, string>> = { HeadObject: 'GetObject', ListObjectsV2: 'ListBucket' };

/** What IAM asks about for a call. Source: Service Authorization Reference. */
export function requestOf({ service, operation, region, account, input }: AwsCall): IamRequest {
  const given = input as Record<string, string | undefined>;
  if (service === 's3') {
    const action = S3_ACTIONS[operation] ?? operation;
    const key = given.Key === undefined || action === 'ListBucket' ? '' : `/${given.Key}`;
    return { action: `s3:${action}`, resource: `arn:aws:s3:::${given.Bucket}${key}` };
  }
  if (service === 'cloudformation') {
    const named = given.StackName ?? given.ChangeSetName;
    const stack = named?.startsWith('arn:') ? named : `arn:aws:cloudformation:${region}:${account}:stack/${named}/0`;
    return { action: `cloudformation:${operation}`, resource: named === undefined ? '*' : stack };
  }
  if (service === 'iam') {
    const provider = given.OpenIDConnectProviderArn;
    const role =
      given.RoleName === undefined ? given.PolicySourceArn : `arn:aws:iam::${account}:role/edgepass/${given.RoleName}`;
    return { action: `iam:${operation}`, resource: provider ?? role ?? '*' };
  }
  if (service === 'cloudfront')
    return {
      action: `cloudfront:${operation}`,
      resource: given.Id ? `arn:aws:cloudfront::${account}:distribution/${given.Id}` : '*',
    };
  return { action: `${service}:${operation}`, resource: '*' };
}
