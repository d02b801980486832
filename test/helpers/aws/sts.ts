/** STS: who am I. */
import type { GetCallerIdentityResponse } from '@aws-sdk/client-sts';

export function getCallerIdentity({
  account,
  accessKeyId,
}: {
  account: string;
  accessKeyId: string;
}): GetCallerIdentityResponse {
  return { Account: account, UserId: accessKeyId, Arn: `arn:aws:iam::${account}:user/${accessKeyId}` };
}
