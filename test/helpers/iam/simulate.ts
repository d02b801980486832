/**
 * What AWS would say to a request, by a policy simulator that knows actions, resource types and condition keys from the Service
 * Authorization Reference.
 */
import { type EvaluationResult, runSimulation } from '@cloud-copilot/iam-simulate';
import { ACCOUNT } from './deployed.ts';

export interface IamRequest {
  action: string;
  /** ARN; `*` where the action knows no resource. */
  resource: string;
  /** Condition keys, as AWS takes them from the request. */
  context?: Readonly<Record<string, string | string[]>>;
}

export interface PolicyStatement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Action: string | string[];
  Resource?: string | string[];
  Principal?: unknown;
  Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export interface Policy {
  Version: '2012-10-17';
  Statement: readonly PolicyStatement[];
}

export interface Rights {
  /** ARN of a role or user, or name of a service (`lambda.amazonaws.com`). */
  principal: string;
  /** Policies of the principal. */
  policies: readonly Policy[];
  /** Policy of the resource, where it has one; for `sts:AssumeRole` the trust policy of the role. */
  resourcePolicy?: Policy | undefined;
}

export type Decision = EvaluationResult;

/** Throws where the request is none that AWS could get: an unknown action, a resource or a condition key of another action. */
export async function decide(
  { action, resource, context = {} }: IamRequest,
  { principal, policies, resourcePolicy }: Rights,
): Promise<Decision> {
  const asked = `${action} on ${resource}`;
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: accountOf(resource) },
        contextVariables: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, value as string])),
      },
      identityPolicies: policies.map((policy, at) => ({ name: `policy-${at}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy === undefined ? {} : { resourcePolicy }),
    },
    {},
  );
  if (answer.resultType === 'error') throw new Error(`${asked}: ${JSON.stringify(answer.errors)}`);
  if (answer.resultType === 'wildcard') throw new Error(`${asked}: names more than one resource`);
  const ignored = answer.result.ignoredContextKeys ?? [];
  if (ignored.length > 0) throw new Error(`${asked}: has no condition key ${ignored.join(', ')}`);
  return answer.overallResult;
}

/** The account in an ARN; where there is none, that of the tests. */
function accountOf(arn: string): string {
  return arn.split(':')[4] || ACCOUNT;
}
