/** Roles and policies of a deployment: what each allows, and to whom. */
import type { DeployedResource } from './deployed.ts';
import type { Policy, PolicyStatement } from './simulate.ts';

export interface Identity {
  resource: DeployedResource;
  arn: string;
  /** What it allows. */
  policies: Policy[];
  /** Who may take it on; a policy by itself is attached by an operator. */
  trust?: Policy;
}

/** The policy of a resource. */
export interface ResourcePolicy {
  resource: DeployedResource;
  /** ARN of what it is attached to. */
  on: string;
  policy: Policy;
}

export interface Policies {
  identities: Identity[];
  resourcePolicies: ResourcePolicy[];
}

/** Throws on a kind of policy that is not understood: what is overlooked would look as if it allowed nothing. */
export function policiesOf(resources: readonly DeployedResource[]): Policies {
  const found: Policies = { identities: [], resourcePolicies: [] };
  const permissions: DeployedResource[] = [];
  for (const resource of resources) {
    const { type, properties, ref, attributes } = resource;
    if (type === 'AWS::IAM::Role') {
      const { Policies = [], ManagedPolicyArns, PermissionsBoundary, AssumeRolePolicyDocument } = properties;
      if (ManagedPolicyArns !== undefined || PermissionsBoundary !== undefined)
        throw new Error(`${resource.id}: managed policies of a role are not understood here`);
      found.identities.push({
        resource,
        arn: attributes.Arn ?? '',
        policies: (Policies as unknown as { PolicyDocument: Policy }[]).map(({ PolicyDocument }) => PolicyDocument),
        trust: AssumeRolePolicyDocument as unknown as Policy,
      });
    } else if (type === 'AWS::IAM::ManagedPolicy') {
      found.identities.push({ resource, arn: ref, policies: [properties.PolicyDocument as unknown as Policy] });
    } else if (type === 'AWS::SNS::TopicPolicy' || type === 'AWS::SQS::QueuePolicy') {
      const on = (properties.Topics ?? properties.Queues) as string[];
      for (const name of on)
        found.resourcePolicies.push({
          resource,
          on: arnOf(resources, name),
          policy: properties.PolicyDocument as unknown as Policy,
        });
    } else if (type === 'AWS::S3::BucketPolicy') {
      const policy = properties.PolicyDocument as unknown as Policy;
      found.resourcePolicies.push({ resource, on: arnOf(resources, String(properties.Bucket)), policy });
    } else if (type === 'AWS::Lambda::Permission') permissions.push(resource);
    else if (/^AWS::IAM::|::Permission$/.test(type) || 'PolicyDocument' in properties)
      throw new Error(`${resource.id}: policies of ${type} are not understood here`);
  }
  found.resourcePolicies.push(...functionPolicies(resources, permissions));
  return found;
}

/** The policy of each function: a statement for each permission. Source: Lambda API Reference, AddPermission. */
function functionPolicies(
  resources: readonly DeployedResource[],
  permissions: readonly DeployedResource[],
): ResourcePolicy[] {
  const statements = new Map<string, PolicyStatement[]>();
  for (const { properties } of permissions) {
    const on = arnOf(resources, String(properties.FunctionName));
    statements.set(on, [...(statements.get(on) ?? []), statementOf(properties as unknown as Permission, on)]);
  }
  return [...statements].map(([on, Statement]) => {
    const resource = resources.find(({ attributes }) => attributes.Arn === on);
    if (resource === undefined) throw new Error(`a permission for ${on}, which is not there`);
    return { resource, on, policy: { Version: '2012-10-17', Statement } };
  });
}

interface Permission {
  Action: string;
  Principal: string;
  SourceArn?: string;
  FunctionUrlAuthType?: string;
  InvokedViaFunctionUrl?: boolean;
}

function statementOf(permission: Permission, on: string): PolicyStatement {
  const { Action, Principal, SourceArn, FunctionUrlAuthType, InvokedViaFunctionUrl } = permission;
  const known = 'Action FunctionName Principal SourceArn FunctionUrlAuthType InvokedViaFunctionUrl'.split(' ');
  const unknown = Object.keys(permission).filter((name) => !known.includes(name));
  if (unknown.length > 0) throw new Error(`say in identities.ts what ${unknown.join(', ')} of a permission does`);
  return {
    Effect: 'Allow',
    Principal: { Service: Principal },
    Action,
    Resource: on,
    Condition: {
      ...(SourceArn && { ArnLike: { 'aws:SourceArn': SourceArn } }),
      ...(FunctionUrlAuthType && { StringEquals: { 'lambda:FunctionUrlAuthType': FunctionUrlAuthType } }),
      ...(InvokedViaFunctionUrl && { Bool: { 'lambda:InvokedViaFunctionUrl': 'true' } }),
    },
  };
}

/** ARN of the resource that a reference names. */
function arnOf(resources: readonly DeployedResource[], ref: string): string {
  const found = resources.find((one) => one.ref === ref);
  return ref.startsWith('arn:') ? ref : (found?.attributes.Arn ?? '');
}
