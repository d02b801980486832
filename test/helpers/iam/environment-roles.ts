/** Every role and policy of a rendered environment with all that is asked in its name: by AWS, and by the code that has it. */
import type { RenderedStack } from '../../../generator/render/rendered-stack.ts';
import { type AwsUse, usesByAws } from './by-aws.ts';
import { type DeployedResource, deployed } from './deployed.ts';
import { type Identity, policiesOf, type ResourcePolicy } from './identities.ts';
import type { Calls, Recorded } from './recorded.ts';
import { requestsOf } from './requests.ts';
import { type TwoWay, twoWay, type Use } from './two-way.ts';

export interface RoleReport extends TwoWay {
  /** `<stack> <logical id>`. */
  name: string;
  identity: Identity;
  /** Functions that have the role, `<module>.<function>`. */
  functions: string[];
}

export interface EnvironmentRoles {
  resources: DeployedResource[];
  byAws: AwsUse[];
  roles: RoleReport[];
  resourcePolicies: (TwoWay & { name: string; resource: ResourcePolicy; uses: Use[] })[];
}

export interface EnvironmentParts {
  stacks: readonly RenderedStack[];
  /** The function whose package a template names: id for the digest in `functions/<digest>.zip`. */
  functionOf(digest: string): string | undefined;
  /** By module. */
  recorded: Readonly<Record<string, Recorded>>;
}

export async function environmentRoles({ stacks, functionOf, recorded }: EnvironmentParts): Promise<EnvironmentRoles> {
  const resources = deployed(stacks);
  const byAws = usesByAws(resources);
  const { identities, resourcePolicies } = policiesOf(resources);
  const policyOf = (arn: string) => resourcePolicies.find(({ on }) => isWithin(arn, on))?.policy;
  const roles: RoleReport[] = [];
  const all: Use[] = byAws
    .filter(({ role }) => role === undefined)
    .flatMap(({ service, what, requests }) =>
      requests.map((request) => ({ ...request, principal: service, by: what })),
    );
  for (const identity of identities) {
    const { resource, arn, policies } = identity;
    const functions = functionsWith(arn, { resources, functionOf });
    const uses = [
      ...byAws
        .filter(({ role }) => role === arn)
        .flatMap(({ what, requests }) => requests.map((request) => ({ ...request, principal: arn, by: what }))),
      ...(await callsOf({ identity, functions, resources, recorded })),
    ];
    all.push(...uses);
    roles.push({
      name: `${resource.stack} ${resource.id}`,
      identity,
      functions: functions.map(({ id }) => id),
      ...(await twoWay({ policies, of: 'principal', uses, resourcePolicy: policyOf })),
    });
  }
  const ofResources = [];
  for (const resource of resourcePolicies) {
    const uses = all.filter((use) => isWithin(use.resource, resource.on));
    // A role of the account needs no policy of the resource.
    const services = uses.filter(({ principal }) => !principal.startsWith('arn:'));
    ofResources.push({
      name: `${resource.resource.stack} ${resource.resource.id}`,
      resource,
      uses,
      ...(await twoWay({ policies: [resource.policy], of: 'resource', uses: services })),
    });
  }
  return { resources, byAws, roles, resourcePolicies: ofResources };
}

/** Objects are in their bucket, whose policy speaks of them. */
function isWithin(arn: string, on: string): boolean {
  return arn === on || arn.startsWith(`${on}/`);
}

interface Having {
  id: string;
  variables: Record<string, string>;
}

function functionsWith(
  role: string,
  { resources, functionOf }: { resources: readonly DeployedResource[] } & Pick<EnvironmentParts, 'functionOf'>,
): Having[] {
  return resources
    .filter(({ type, properties }) => type === 'AWS::Lambda::Function' && properties.Role === role)
    .map(({ id, properties }) => {
      const { Code, Environment } = properties as unknown as {
        Code: { S3Key?: string };
        Environment?: { Variables: Record<string, string> };
      };
      const [, digest = ''] = /^functions\/(\w+)\.zip$/.exec(Code.S3Key ?? '') ?? [];
      const found = functionOf(digest);
      if (found === undefined) throw new Error(`${id}: it is not known which function this is`);
      return { id: found, variables: Environment?.Variables ?? {} };
    });
}

async function callsOf({
  identity: { resource, arn, trust },
  functions,
  resources,
  recorded,
}: {
  identity: Identity;
  functions: readonly Having[];
  resources: readonly DeployedResource[];
  recorded: EnvironmentParts['recorded'];
}): Promise<Use[]> {
  const { stack, region } = resource;
  const ref = (id: string): string => resources.find((one) => one.stack === stack && one.id === id)?.ref ?? '';
  const uses: Use[] = [];
  const note = (who: string, calls: Calls): void => {
    for (const [during, made] of Object.entries(calls))
      for (const request of made.flatMap((call) => requestsOf(call, region)))
        uses.push({ ...request, principal: arn, by: `${who}: ${during}` });
  };
  // Who has no calls there makes none, and needs no more than AWS itself.
  for (const { id, variables } of functions) {
    const [module = '', name = ''] = id.split('.');
    note(name, (await recorded[module]?.functions[name]?.(variables, ref)) ?? {});
  }
  if (trust === undefined) {
    const [module = ''] = stack.split('.');
    note('whoever has it', (await recorded[module]?.policies?.[resource.id]?.(ref)) ?? {});
  }
  return uses;
}
