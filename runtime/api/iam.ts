/** Services that sign with AWS credentials. API Gateway has verified the signature and asked IAM before the function runs. */
import type { Caller } from './api.ts';
import type { ApiEvent } from './event.ts';
import { Problem } from './problems.ts';

/**
 * The name of a session behind a role: every task of a service has another one, and together they are one caller.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
 */
const SESSION = /^(arn:[^:]+:sts::\d+:assumed-role\/[^/]+)\/.+$/;

/** Throws `unauthenticated` where API Gateway says nothing of IAM: such a route is open by mistake, and stays shut. */
export async function iamCaller({ requestContext }: ApiEvent): Promise<Caller> {
  const arn = requestContext.authorizer?.iam?.userArn;
  if (typeof arn !== 'string' || arn === '') throw new Problem('unauthenticated');
  return { id: arn.replace(SESSION, '$1') };
}
