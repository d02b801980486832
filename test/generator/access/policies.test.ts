/** The tables of permissions against what the engine really calls, and against carelessness. */
import { describe, expect, it } from 'vitest';
import { type PolicyDocument, policyDocument } from '../../../generator/access/grant.ts';
import { moduleGrants, onlyReads } from '../../../generator/access/module-grants.ts';
import {
  commandGrants,
  PERMITTED_COMMANDS,
  type PermittedCommand,
  type PolicyScope,
  type RoleKind,
  roleGrants,
} from '../../../generator/access/policies.ts';
import { ROLE_KINDS, roleArn, rolePolicies } from '../../../generator/access/roles.ts';
import { ACCOUNT, type Deployment, deployment, HOME } from '../../helpers/deployment.ts';
import { isAllowed, requestOf } from '../../helpers/iam-evaluator.ts';
import { operations } from '../../helpers/operations.ts';
import { repositoryModules } from '../../templates/rendering.ts';

const { modules } = await repositoryModules();
const scope: PolicyScope = { project: 'acme', environment: 'dev', account: ACCOUNT, region: HOME, modules };

const policyOf = (command: PermittedCommand): PolicyDocument => policyDocument(commandGrants(command, scope));
/** What the engine itself calls; modules may grant the same for CloudFormation. */
const withoutModules = (command: PermittedCommand): PolicyDocument =>
  policyDocument(commandGrants(command, { ...scope, modules: [] }));
const roleOf = (kind: RoleKind): PolicyDocument[] => rolePolicies(kind, scope).map(({ document }) => document);

/** `action on resource` of each call that the policies do not allow. */
function refused(policies: readonly PolicyDocument[], { aws }: Deployment): string[] {
  const asked = aws.calls.map(requestOf).filter((request) => !isAllowed(policies, request));
  return [...new Set(asked.map(({ action, resource }) => `${action} on ${resource}`))];
}

describe('what commands call', () => {
  const deployed = async (): Promise<Deployment> => {
    const one = await deployment();
    await one.must(['deploy', '--yes']);
    return one;
  };

  it('deploying for the first time, again and after a change is allowed by its policy and to the deploy role', async () => {
    const one = await deployment();
    await one.run(['deploy', '--yes']);
    await one.output({ rules: 'changed', code: 'exports.handler = async () => 2;' });
    await one.run(['deploy', '--yes', '--allow', 'permissions']);
    expect(one.operations()).toEqual(expect.arrayContaining(['cloudformation:ExecuteChangeSet', 's3:PutObject']));
    expect(refused([policyOf('deploy')], one)).toEqual([]);
    expect(refused(roleOf('deploy'), one)).toEqual([]);
    // The plan role could not have done it.
    expect(refused(roleOf('plan'), one)).toEqual(
      expect.arrayContaining([expect.stringContaining('cloudformation:ExecuteChangeSet')]),
    );
  });

  it('taking up again what a destroyed environment left is allowed, and nothing that was granted for it goes unused', async () => {
    const one = await deployment({ kept: 'all' });
    await one.must(['deploy', '--yes']);
    await one.must(['destroy', '--env', 'dev', '--confirm', 'dev']);
    await one.run(['preview']);
    const looked = one.operations().filter((name) => /^(secretsmanager|dynamodb):/.test(name));
    expect(refused([withoutModules('preview')], one)).toEqual([]);
    expect(refused(roleOf('plan'), one)).toEqual([]);
    await one.run(['deploy', '--yes']);
    expect(refused([withoutModules('deploy')], one)).toEqual([]);
    expect(refused(roleOf('deploy'), one)).toEqual([]);
    for (const command of ['preview', 'deploy', 'rollback'] as const) {
      const granted = withoutModules(command).Statement.filter(({ Sid }) => Sid.startsWith('FindKept'));
      expect(granted.flatMap(({ Action }) => Action).sort()).toEqual([...new Set(looked)].sort());
    }
    for (const command of ['package', 'status', 'drift', 'heal', 'destroy'] as const)
      expect(policyOf(command).Statement.filter(({ Sid }) => Sid.startsWith('FindKept'))).toEqual([]);
  });

  it.each<[PermittedCommand, string[]]>([
    ['package', ['package']],
    ['preview', ['preview']],
    ['status', ['status']],
    ['drift', ['drift']],
    ['rollback', ['rollback']],
    ['destroy', ['destroy', '--env', 'dev', '--confirm', 'dev']],
    ['heal', ['drift', '--heal', '--yes']],
  ])('%s is allowed by its policy', async (command, argv) => {
    const one = await deployed();
    if (command === 'heal')
      one.aws.cloudformation('us-east-1', ACCOUNT).touch('acme-dev-base-edge', 'EdgeNote', '/Value', 'x');
    else await one.output({ rules: 'changed' });
    await one.run(argv);
    expect(one.aws.calls.length).toBeGreaterThan(1);
    if (command === 'heal') expect(one.operations()).toContain('cloudformation:ExecuteChangeSet');
    expect(refused([policyOf(command)], one)).toEqual([]);
  });

  it.each([['preview'], ['status'], ['drift']])('%s is allowed to the plan role', async (command) => {
    const one = await deployed();
    await one.output({ rules: 'changed' });
    await one.run([command]);
    expect(refused(roleOf('plan'), one)).toEqual([]);
  });

  const session = 's'.repeat(22);
  const OPERATING: [PermittedCommand, string[]][] = [
    ['keys', ['keys', 'list']],
    ['keys', ['keys', 'rotate', '--now']],
    ['void', ['void', '--before', 'now', '--yes']],
    ['mode', ['mode', 'report', '--until', '1h', '--yes']],
    ['revoke', ['revoke', session]],
    ['unrevoke', ['unrevoke', session, 'u'.repeat(22)]],
  ];

  it.each(OPERATING)('%s is allowed by its policy and to the operate role, and to no other', async (command, argv) => {
    const one = await operations();
    if (command === 'unrevoke') await one.must(['revoke', session]);
    await one.run(argv);
    expect(one.aws.calls.length).toBeGreaterThan(2);
    expect(refused([policyOf(command)], one)).toEqual([]);
    expect(refused(roleOf('operate'), one)).toEqual([]);
    const [start] = refused(roleOf('deploy'), one);
    expect(start).toMatch(/^(states:StartExecution|dynamodb:(BatchWriteItem|UpdateItem)) on /);
    expect(refused(roleOf('plan'), one)).toContain(start);
  });

  it('sessions is allowed by its policy, and to no role of the pipeline', async () => {
    const one = await operations();
    await one.run(['sessions', 'list']);
    await one.run(['sessions', 'show', session]);
    expect(refused([policyOf('sessions')], one)).toEqual([]);
    for (const kind of ROLE_KINDS) expect(refused(roleOf(kind), one)).not.toEqual([]);
  });

  it('kill is allowed to the operate role', async () => {
    const one = await operations();
    const [kid = ''] = one.kids('signing');
    await one.run(['keys', 'kill', kid, '--confirm', kid]);
    expect(one.kids('gone')).toEqual([kid]);
    expect(refused(roleOf('operate'), one)).toEqual([]);
  });

  it('the operate role does what the commands of operators do, and nothing else', async () => {
    const actions = roleOf('operate').flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    expect(actions.sort()).toEqual([
      'cloudformation:DescribeStacks',
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'states:DescribeExecution',
      'states:StartExecution',
      'sts:GetCallerIdentity',
    ]);
    const open = roleOf('operate').flatMap(({ Statement }) =>
      Statement.filter(({ Resource }) => Resource.includes('*')).map(({ Sid }) => Sid),
    );
    expect(open).toEqual(['Identity']);
  });

  it('is refused in another environment, account or project', async () => {
    const one = await deployed();
    await one.run(['preview']);
    for (const other of [{ environment: 'prod' }, { account: '222222222222' }, { project: 'other' }])
      expect(refused([policyDocument(commandGrants('deploy', { ...scope, ...other }))], one)).not.toEqual([]);
  });
});

describe('carelessness', () => {
  const everything: [string, PolicyDocument][] = [
    ...PERMITTED_COMMANDS.map((command): [string, PolicyDocument] => [command, policyOf(command)]),
    ...ROLE_KINDS.flatMap((kind) =>
      roleOf(kind).map((document): [string, PolicyDocument] => [`role ${kind}`, document]),
    ),
  ];

  it.each(everything)('%s has no action with a wildcard', (_name, { Statement }) => {
    expect(Statement.flatMap(({ Action }) => Action).filter((action) => action.includes('*'))).toEqual([]);
  });

  it.each(everything)('%s may change IAM only below the names of the environment', (_name, { Statement }) => {
    const changes = Statement.filter(({ Action }) =>
      Action.some((action) => action.startsWith('iam:') && !onlyReads(action)),
    );
    const places = changes.flatMap(({ Sid, Resource }) => (Sid === 'ReadTrust' ? [] : Resource));
    expect(places.filter((arn) => !/^arn:aws:iam::111111111111:(role|policy)\/acme-dev-\*$/.test(arn))).toEqual([]);
  });

  it('no deployment may change the roles of the pipeline', () => {
    for (const kind of ROLE_KINDS)
      for (const action of ['iam:PutRolePolicy', 'iam:UpdateAssumeRolePolicy', 'iam:AttachRolePolicy', 'iam:PassRole'])
        expect(isAllowed(roleOf('deploy'), { action, resource: roleArn(scope, kind) })).toBe(false);
  });

  it('a role is passed only within the names of the environment', () => {
    const passing = {
      id: 'toy',
      contract: { permissions: [{ action: 'iam:PassRole', because: 'A function has a role.' }] },
    };
    const [grant] = moduleGrants([passing], scope);
    expect(grant?.resources).toEqual([
      'arn:aws:iam::111111111111:role/acme-dev-*',
      'arn:aws:iam::111111111111:policy/acme-dev-*',
    ]);
  });

  it('the plan role reads and proposes: it writes nothing into the bucket and reveals no secret', () => {
    const actions = roleOf('plan').flatMap(({ Statement }) => Statement.flatMap(({ Action }) => Action));
    const harmless = [
      'cloudformation:CreateChangeSet',
      'cloudformation:DeleteChangeSet',
      'cloudformation:DetectStackDrift',
      'iam:SimulatePrincipalPolicy',
      's3:GetObject',
      'sts:GetCallerIdentity',
    ];
    expect(actions.filter((action) => !harmless.includes(action) && !onlyReads(action))).toEqual([]);
    expect(actions.some((action) => action.startsWith('secretsmanager:GetS'))).toBe(false);
  });

  it('what reveals content does not count as reading', () => {
    expect(
      ['secretsmanager:GetSecretValue', 'dynamodb:GetItem', 's3:GetObject', 'lambda:GetFunction'].filter(onlyReads),
    ).toEqual([]);
    expect(onlyReads('cloudfront:GetDistribution')).toBe(true);
  });

  it('every statement has a reason and a name of its own', () => {
    for (const kind of ROLE_KINDS) {
      const grants = roleGrants(kind, scope);
      expect(new Set(grants.map(({ sid }) => sid)).size).toBe(grants.length);
      expect(grants.filter(({ sid, because }) => because === '' || !/^[A-Za-z0-9]+$/.test(sid))).toEqual([]);
    }
  });

  it('policies of roles fit into a managed policy each, however many modules there are', () => {
    const many = Array.from({ length: 12 }, (_, service) => ({
      id: `m${service}`,
      contract: {
        permissions: Array.from({ length: 40 }, (_, action) => ({
          action: `service${service}:CreateSomethingWithALongName${action}`,
          because: 'It is needed.',
        })),
      },
    }));
    const policies = rolePolicies('deploy', { ...scope, modules: many });
    expect(policies.length).toBeGreaterThan(1);
    expect(policies.filter(({ document }) => JSON.stringify(document).length > 6144)).toEqual([]);
    expect(policies.flatMap(({ document }) => document.Statement.map(({ Sid }) => Sid))).toEqual(
      roleGrants('deploy', { ...scope, modules: many }).map(({ sid }) => sid),
    );
  });
});
