/** What roles and policies of a deployment say to single requests: for tests of what is next to their rights. */
import { describe, expect, it } from 'vitest';
import type { DeployedResource } from './deployed.ts';
import { policiesOf } from './identities.ts';
import { decide, type IamRequest } from './simulate.ts';

/** `action on what`, where it may be done: action, resource, condition keys. */
export type Case = readonly [action: string, resource: () => string, context?: IamRequest['context']];

/** By logical id, with the stack in front where others have it too: `api.home Distribution`. Throws where it is not one. */
export function resourceOf(resources: readonly DeployedResource[], id: string): DeployedResource {
  const [found, another] = resources.filter((one) => one.id === id || `${one.stack} ${one.id}` === id);
  if (found === undefined || another !== undefined) throw new Error(`there is no ${id}, or more than one`);
  return found;
}

/** What policies know a resource by. */
export function arnOf(resources: readonly DeployedResource[], id: string): string {
  const { attributes, ref } = resourceOf(resources, id);
  return attributes.Arn ?? ref;
}

/** What the role or policy with that logical id allows, of some things. */
export async function allowedOf(
  resources: readonly DeployedResource[],
  { role, cases }: { role: string; cases: readonly Case[] },
): Promise<string[]> {
  const { identities } = policiesOf(resources);
  const identity = identities.find(({ resource }) => resource.id === role);
  if (identity === undefined) throw new Error(`there is no ${role}`);
  const { arn: principal, policies } = identity;
  const found: string[] = [];
  for (const [action, resource, context = {}] of cases)
    if ((await decide({ action, resource: resource(), context }, { principal, policies })) === 'Allowed')
      found.push(`${action} on ${resource()} ${JSON.stringify(context)}`);
  return found;
}

/** Of some things that a service of AWS asks by itself, those that the policy of what is asked for allows. */
export async function allowedFor(
  resources: readonly DeployedResource[],
  { service, cases }: { service: string; cases: readonly Case[] },
): Promise<string[]> {
  const { resourcePolicies } = policiesOf(resources);
  const found: string[] = [];
  for (const [action, resource, context = {}] of cases) {
    const policy = resourcePolicies.find(({ on }) => resource() === on || resource().startsWith(`${on}/`))?.policy;
    const request = { action, resource: resource(), context };
    const decision = await decide(request, { principal: service, policies: [], resourcePolicy: policy });
    if (decision === 'Allowed') found.push(`${action} on ${resource()} ${JSON.stringify(context)}`);
  }
  return found;
}

/** A role or policy by its logical id, with things next to each other that it may and may not do. */
export interface RoleCases {
  id: string;
  may: readonly Case[];
  mayNot: readonly Case[];
}

/** Tests of each: `resources` are there when they run. */
export function describeRoles(roles: readonly RoleCases[], resources: () => readonly DeployedResource[]): void {
  describe.each(roles)('$id', ({ id: role, may, mayNot }) => {
    it('allows its own', async () => {
      expect(await allowedOf(resources(), { role, cases: may })).toHaveLength(may.length);
    });

    it('refuses what is next to it', async () => {
      expect(await allowedOf(resources(), { role, cases: mayNot })).toEqual([]);
    });
  });
}
