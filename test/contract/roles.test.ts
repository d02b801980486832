/**
 * Each role allows exactly the calls that are made in its name, judged by a policy simulator: those of our code, recorded while it
 * does everything that it can (`test/runtime/<module>/recorded.ts`), and those of AWS, from what the templates have.
 * `npm run roles` prints what each role may do and what for.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import type { RenderedStack } from '../../generator/render/rendered-stack.ts';
import { ACCOUNT } from '../helpers/iam/deployed.ts';
import { type EnvironmentRoles, environmentRoles } from '../helpers/iam/environment-roles.ts';
import type { Recorded } from '../helpers/iam/recorded.ts';
import { roleTables } from '../helpers/iam/report.ts';
import { decide } from '../helpers/iam/simulate.ts';
import { configFiles, renderConfig, standInDigest } from '../templates/rendering.ts';
import { contractOf, moduleIds, root } from './folders.ts';

const PAGE = 'docs/permissions.md';

/** Modules whose code asks something of AWS. */
const asking: string[] = [];

const has = (...path: string[]): boolean => existsSync(join(root, 'test', ...path));
/** By a name for sentences. Environments whose roles differ in names only are looked at once. */
const environments = new Map<string, EnvironmentRoles>();

beforeAll(async () => {
  const recorded: Record<string, Recorded> = {};
  const functions = new Map<string, string>();
  for (const id of moduleIds) {
    const file = join(root, 'test/runtime', id, 'recorded.ts');
    if (has('runtime', id, 'recorded.ts')) {
      recorded[id] = ((await import(file)) as { recorded: Recorded }).recorded;
      asking.push(id);
    }
    for (const name of Object.keys((await contractOf(id)).functions))
      functions.set(standInDigest(`${id}.${name}`), `${id}.${name}`);
  }
  const seen = new Set<string>();
  for (const { name, file } of configFiles())
    for (const [environment, stacks] of Object.entries((await renderConfig(file)).stacks)) {
      const shape = shapeOf(stacks);
      if (seen.has(shape)) continue;
      seen.add(shape);
      const parts = { stacks, recorded, functionOf: (digest: string) => functions.get(digest) };
      environments.set(`${name}, ${environment}`, await environmentRoles(parts));
    }
}, 120_000);

/** Roles and what has them, without what differs between any two environments. */
function shapeOf(stacks: readonly RenderedStack[]): string {
  const matters = /^AWS::(IAM|Lambda)::|::(TopicPolicy|QueuePolicy|StateMachine|Schedule)$/;
  const shapes = stacks.map(({ id, region, template }) => [
    `${id} ${region}`,
    Object.entries(template.Resources ?? {}).filter(([, resource]) =>
      matters.test((resource as { Type: string }).Type),
    ),
  ]);
  return JSON.stringify(shapes, (key, value) => {
    if (key === 'Tags' || key === 'StateMachineName') return undefined;
    if (key !== 'Variables') return value;
    return Object.fromEntries(Object.entries(value).filter(([, text]) => typeof text !== 'string'));
  });
}

/** A sentence for each thing that is found in any environment. */
async function sentences(find: (environment: EnvironmentRoles) => string[] | Promise<string[]>): Promise<string[]> {
  const found: string[] = [];
  for (const [name, environment] of environments)
    found.push(...(await find(environment)).map((sentence) => `${name}: ${sentence}`));
  return found;
}

const policies = ({ roles, resourcePolicies }: EnvironmentRoles) => [...roles, ...resourcePolicies];

test('there are roles, of different configurations', () => {
  expect(environments.size).toBeGreaterThan(2);
  expect([...environments.values()].filter(({ roles }) => roles.length === 0)).toEqual([]);
});

test('everything that is asked for is allowed', async () => {
  expect(
    await sentences((environment) =>
      policies(environment).flatMap(({ name, refused }) => refused.map((what) => `${name} refuses ${what}.`)),
    ),
  ).toEqual([]);
});

test('everything that is allowed is asked for', async () => {
  expect(
    await sentences((environment) =>
      policies(environment).flatMap(({ name, allowed }) =>
        allowed
          .filter(({ usedBy }) => usedBy.length === 0)
          .map(({ action, resource }) => `${name} allows ${action} on ${resource}, for which no recorded call asks.`),
      ),
    ),
  ).toEqual([]);
});

test('a condition on all values of a key wants one: without any it would be met', async () => {
  const open = ({ roles }: EnvironmentRoles): string[] =>
    roles.flatMap(({ name, allowed }) =>
      allowed.flatMap(({ action, condition = {} }) =>
        Object.entries(condition)
          .filter(([operator]) => operator.startsWith('ForAllValues:'))
          .flatMap(([, keys]) => Object.keys(keys))
          .filter((key) => condition.Null?.[key] !== 'false')
          .map((key) => `${name} allows ${action} also without ${key}.`),
      ),
    );
  expect(await sentences(open)).toEqual([]);
});

/** Lambda is called by HTTPS only, and its policies have no room for a refusal. */
test('a policy of a resource lets in nothing without HTTPS', async () => {
  const refuses = async ({ resourcePolicies }: EnvironmentRoles): Promise<string[]> => {
    const found: string[] = [];
    for (const { name, resource, uses } of resourcePolicies) {
      if (resource.resource.type === 'AWS::Lambda::Function') continue;
      if (uses.length === 0) found.push(`${name}: nobody uses what it is attached to.`);
      for (const { principal, by: _, ...use } of uses) {
        const request = { ...use, context: { ...use.context, 'aws:SecureTransport': 'false' } };
        const decision = await decide(request, { principal, policies: [], resourcePolicy: resource.policy });
        if (decision !== 'ExplicitlyDenied') found.push(`${name}: ${use.action} by HTTP is ${decision}.`);
      }
    }
    return found;
  };
  expect(await sentences(refuses)).toEqual([]);
});

describe('a role may be taken on', () => {
  const SERVICES = ['apigateway', 'cloudformation', 'ec2', 'edgelambda', 'events', 'lambda', 'scheduler', 'states'].map(
    (name) => `${name}.amazonaws.com`,
  );
  const OTHERS = [
    `arn:aws:iam::${ACCOUNT}:role/other`,
    `arn:aws:iam::${ACCOUNT}:root`,
    'arn:aws:iam::999999999999:root',
  ];

  /** Who may take on a role and should not, or the other way round. */
  async function wrong({ roles, byAws }: EnvironmentRoles): Promise<string[]> {
    const found: string[] = [];
    for (const { name, identity } of roles) {
      const { arn, trust } = identity;
      if (trust === undefined) continue;
      const uses = byAws.filter(({ role }) => role === arn);
      const may = async (principal: string, context = {}): Promise<boolean> => {
        const request = { action: 'sts:AssumeRole', resource: arn, context };
        return (await decide(request, { principal, policies: [], resourcePolicy: trust })) === 'Allowed';
      };
      for (const principal of [...SERVICES, ...OTHERS]) {
        const own = uses.filter(({ service }) => service === principal);
        if (own.length === 0 && (await may(principal, { 'aws:SourceAccount': ACCOUNT })))
          found.push(`${principal} may take on ${name}, and nothing in the template makes it.`);
        for (const { assumes, what } of own) {
          if (!(await may(principal, assumes))) found.push(`${principal} may not take on ${name} (${what}).`);
          const stranger = { ...assumes, 'aws:SourceAccount': '999999999999' };
          if (assumes !== undefined && ((await may(principal, stranger)) || (await may(principal))))
            found.push(`${principal} may take on ${name} for another account.`);
        }
      }
      if (uses.length === 0) found.push(`${name}: nothing in the template takes it on.`);
    }
    return found;
  }

  test('by what needs it, for this account only', async () => {
    expect(await sentences(wrong)).toEqual([]);
  });
});

describe.each(moduleIds)('module %s', (id) => {
  test('states for each function just what its role allows', async () => {
    const { functions } = await contractOf(id);
    const found: string[] = [];
    for (const [name, contract] of Object.entries(functions)) {
      if (contract.kind !== 'lambda') continue;
      const stated = contract.permissions.map(({ action }) => action);
      // A configuration may do without some of it.
      const allowed = new Set(
        [...environments.values()]
          .flatMap(({ roles }) =>
            roles.filter((role) => role.functions.includes(`${id}.${name}`)).flatMap((role) => role.allowed),
          )
          .map(({ action }) => action),
      );
      found.push(
        ...stated
          .filter((action) => !allowed.has(action))
          .map((action) => `${name} states ${action}, which no role allows.`),
        ...[...allowed]
          .filter((action) => !stated.includes(action))
          .map((action) => `${name} does not state ${action}.`),
        ...stated
          .filter((action, at) => stated.indexOf(action) !== at)
          .map((action) => `${name} states ${action} twice.`),
      );
    }
    expect(found).toEqual([]);
  });
});

const INTRODUCTION = `# What the roles may do

Each role allows exactly the calls that are made in its name, checked both ways with a policy simulator: every call that the code makes is
allowed, and every action that is allowed is used. \`on\` and \`for\` name resources of the templates and what was being done. Written by a test; after a change
\`npx vitest run test/contract/roles.test.ts -u\` writes it anew. What commands need, \`edgepass permissions <command>\` prints.
`;

test(`is told in ${PAGE}`, async () => {
  const all = [...environments.values()];
  const page = [INTRODUCTION, ...asking.map((id) => `## ${id}\n\n${roleTables(all, id)}`)].join('\n');
  if (process.env.REPORT !== undefined)
    process.stdout.write(`${page}\nLooked at: ${[...environments.keys()].join('; ')}\n`);
  await expect(page).toMatchFileSnapshot(join(root, PAGE));
});
