/** The bootstrap templates: what they hold, and what three validators say of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { PolicyScope } from '../../../generator/access/policies.ts';
import { trustPolicy } from '../../../generator/access/trust.ts';
import { bucketName } from '../../../generator/aws/bucket.ts';
import { type Access, accountsOf } from '../../../generator/bootstrap/accounts.ts';
import { type BootstrapArgs, renderBootstrap } from '../../../generator/bootstrap/render.ts';
import { parseCfnYaml } from '../../../generator/render/cfn-yaml/parse.ts';
import { describeWith } from '../../helpers/needs.ts';
import { expectValue, repositoryModules, root } from '../../templates/rendering.ts';
import { cfnGuard } from '../../templates/validators/cfn-guard.ts';
import { cfnLint } from '../../templates/validators/cfn-lint.ts';
import { cfnValidate } from '../../templates/validators/cfn-validate.ts';

const { modules } = await repositoryModules();
const scope = (environment: string, account: string, region = 'eu-west-1'): PolicyScope => ({
  project: 'acme',
  environment,
  account,
  region,
  modules,
});
const SCOPES = [
  scope('dev', '111111111111'),
  scope('dev-eu', '111111111111', 'eu-central-1'),
  scope('prod', '333333333333', 'us-east-1'),
];
const ACCESS: Access = {
  repository: { name: 'acme/video', ownerId: '42', repositoryId: '4711' },
  branch: 'main',
  boundary: 'arn:aws:iam::111111111111:policy/limit',
};

function rendered(changes: Partial<BootstrapArgs> = {}) {
  const [account] = accountsOf(SCOPES);
  if (account === undefined) throw new Error('no account');
  return expectValue(
    renderBootstrap({ account, access: ACCESS, provider: true, packageRoot: root, bucketOf: bucketName, ...changes }),
  );
}

// biome-ignore lint/suspicious/noExplicitAny: a template is whatever it is
type Loose = any;
function template(tree: ReturnType<typeof rendered>, file: string): Loose {
  const text = new TextDecoder().decode(tree.files.get(file));
  return parseCfnYaml(text, () => ({ file })).value;
}

describe('bootstrap templates', () => {
  it('are one stack in each Region of an account, and one with the roles of the project', () => {
    expect(rendered().manifest.stacks.map(({ name, region }) => [name, region])).toEqual([
      ['edgepass-bootstrap', 'us-east-1'],
      ['edgepass-bootstrap', 'eu-west-1'],
      ['edgepass-bootstrap', 'eu-central-1'],
      ['edgepass-bootstrap-acme', 'us-east-1'],
    ]);
  });

  it('leave other accounts to their own', () => {
    const [, prod] = accountsOf(SCOPES);
    const tree = rendered({ account: prod as BootstrapArgs['account'] });
    expect(tree.manifest.stacks.map(({ region }) => region)).toEqual(['us-east-1', 'us-east-1']);
    expect(tree.manifest.account).toBe('333333333333');
    expect(Object.keys(template(tree, 'bootstrap-access.template.yaml').Outputs)).toContain('ProdDeployRoleArn');
    expect(Object.keys(template(tree, 'bootstrap-access.template.yaml').Outputs)).not.toContain('DevDeployRoleArn');
  });

  it('keep the bucket private, versioned, encrypted, and what deployments rest on', () => {
    const { Resources } = template(rendered(), 'bootstrap-eu-west-1.template.yaml');
    expect(Resources.ArtifactBucket).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    const { Properties } = Resources.ArtifactBucket;
    expect(Properties.BucketName).toBe('edgepass-artifacts-111111111111-eu-west-1');
    expect(Properties.VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
    const expiring = Properties.LifecycleConfiguration.Rules.filter((rule: Loose) => 'ExpirationInDays' in rule);
    expect(expiring.map((rule: Loose) => rule.Prefix)).toEqual(['plans/']);
    const [deny] = Resources.ArtifactBucketPolicy.Properties.PolicyDocument.Statement;
    expect(deny).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });

  it('have the provider once, and not where it is there already', () => {
    const has = (tree: ReturnType<typeof rendered>): string[] =>
      [...tree.files]
        .filter(([, bytes]) => new TextDecoder().decode(bytes).includes('AWS::IAM::OIDCProvider'))
        .map(([file]) => file);
    expect(has(rendered())).toEqual(['bootstrap-us-east-1.template.yaml']);
    expect(has(rendered({ provider: false }))).toEqual([]);
  });

  it('are the same for every project, where the account shares them', () => {
    const other = accountsOf(SCOPES.map((one) => ({ ...one, project: 'other' })))[0] as BootstrapArgs['account'];
    const file = 'bootstrap-us-east-1.template.yaml';
    expect(rendered({ account: other }).files.get(file)).toEqual(rendered().files.get(file));
  });

  it('trust jobs of the environment for deploying, pull requests and the branch for plans, in both forms', () => {
    const { Resources } = template(rendered(), 'bootstrap-access.template.yaml');
    const conditions = (id: string): Loose =>
      Resources[id].Properties.AssumeRolePolicyDocument.Statement.map((one: Loose) => one.Condition.StringEquals);
    const common = {
      'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com',
      'token.actions.githubusercontent.com:repository_id': '4711',
    };
    expect(conditions('DevDeployRole')).toEqual([
      {
        ...common,
        'token.actions.githubusercontent.com:sub': [
          'repo:acme/video:environment:dev',
          'repo:acme@42/video@4711:environment:dev',
        ],
      },
    ]);
    expect(conditions('DevOperateRole')).toEqual(conditions('DevDeployRole'));
    expect(conditions('DevEuPlanRole')).toEqual([
      {
        ...common,
        'token.actions.githubusercontent.com:sub': [
          'repo:acme/video:pull_request',
          'repo:acme@42/video@4711:pull_request',
          'repo:acme/video:ref:refs/heads/main',
          'repo:acme@42/video@4711:ref:refs/heads/main',
        ],
      },
    ]);
  });

  it('trust nothing by pattern, and only what is known', () => {
    const policy = trustPolicy({ account: '1', repository: { name: 'acme/video' }, contexts: ['environment:dev'] });
    const [{ Condition } = { Condition: undefined }] = policy.Statement;
    expect(Condition?.StringEquals['token.actions.githubusercontent.com:sub']).toEqual([
      'repo:acme/video:environment:dev',
    ]);
    expect(Condition?.StringEquals).not.toHaveProperty('token.actions.githubusercontent.com:repository_id');
    for (const bytes of rendered().files.values())
      expect(new TextDecoder().decode(bytes)).not.toMatch(/repo:[^"\s]*\*/);
  });

  it('limit the roles by a boundary, if there is one', () => {
    const roles = (tree: ReturnType<typeof rendered>): Loose[] =>
      Object.values<Loose>(template(tree, 'bootstrap-access.template.yaml').Resources).filter(
        ({ Type }) => Type === 'AWS::IAM::Role',
      );
    expect(roles(rendered()).map(({ Properties }) => Properties.PermissionsBoundary)).toEqual(
      Array(6).fill(ACCESS.boundary),
    );
    const { boundary: _, ...free } = ACCESS;
    for (const { Properties } of roles(rendered({ access: free })))
      expect(Properties).not.toHaveProperty('PermissionsBoundary');
  });
});

describe('bootstrap templates', { timeout: 120_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'edgepass-bootstrap-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  // The ARN of an operator's own policy has an account in it, which the first validator does not like to see.
  const access = { ...ACCESS, boundary: 'arn:aws:iam::aws:policy/PowerUserAccess' };
  const files = [...rendered({ access }).files]
    .filter(([name]) => name.endsWith('.yaml'))
    .map(([name, bytes]) => {
      const path = join(folder, name);
      writeFileSync(path, bytes);
      return { path, region: 'us-east-1' };
    });
  const said = (found: readonly { rule: string; resource?: string; message: string }[]): string[] =>
    found.map(({ rule, resource, message }) => `${rule} ${resource ?? ''}: ${message}`);

  it('satisfy @aws/cloudformation-validate', () => {
    expect(files).toHaveLength(4);
    expect(said(cfnValidate(files))).toEqual([]);
  });

  it('satisfy our rules in cfn-guard', () => {
    expect(said(cfnGuard(files.map(({ path }) => path)))).toEqual([]);
  });

  describeWith(['cfn-lint'], 'cfn-lint', () => {
    it('finds nothing', () => {
      expect(said(cfnLint(files))).toEqual([]);
    });
  });
});
