/** Roles and policies of a deployment: what each allows, and to whom. */
import type { DeployedResource } from './deployed.ts';
import type { Policy } from './simulate.ts';

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
    } else if (/^AWS::IAM::|::Permission$/.test(type) || 'PolicyDocument' in properties)
      throw new Error(`${resource.id}: policies of ${type} are not understood here`);
  }
  return found;
}

/** ARN of the resource that a reference names. */
function arnOf(resources: readonly DeployedResource[], ref: string): string {
  const found = resources.find((one) => one.ref === ref);
  return ref.startsWith('arn:') ? ref : (found?.attributes.Arn ?? '');
}
