/** `doctor` against the in-memory AWS, each fault made on purpose. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { policyDocument } from '../../../generator/access/grant.ts';
import { commandGrants } from '../../../generator/access/policies.ts';
import type { CloudFrontApi } from '../../../generator/aws/api/cloudfront.ts';
import type { QuotasApi } from '../../../generator/aws/api/quotas.ts';
import type { Check } from '../../../generator/aws/doctor-check.ts';
import { principalOf } from '../../../generator/aws/doctor-permissions.ts';
import { checkQuotas, quotaCheck } from '../../../generator/aws/doctor-quotas.ts';
import { trustDifferences } from '../../../generator/aws/doctor-trust.ts';
import { gitCheck, nodeCheck } from '../../../generator/commands/doctor.ts';
import { clients } from '../../helpers/aws/clients.ts';
import { driver } from '../../helpers/aws/stack-driver.ts';
import { type Aws, startAws } from '../../helpers/aws/start.ts';
import { testClock } from '../../helpers/deployment.ts';
import { type Ran, run as runCommand } from '../../helpers/fake-io.ts';
import { isAllowed, requestOf } from '../../helpers/iam-evaluator.ts';
import { repositoryModules } from '../../templates/rendering.ts';

const ACCOUNT = '111111111111';
const CONFIG = `project: acme
origins:
  packager: {domain: origin.example.com}
policies:
  subscriber: {lifetime: 4h}
streams:
  live: {paths: [/live/], policy: subscriber}
modules: {base: {}}
environments:
  dev: {account: "${ACCOUNT}", region: eu-west-1}
`;
const GITHUB = ['--github', 'acme/video'];

interface Patient {
  aws: Aws;
  run(argv: readonly string[], account?: string): Promise<Ran>;
  doctor(argv?: readonly string[]): Promise<{ code: number; checks: Record<string, Check> }>;
}

async function patient({ prepared = true } = {}): Promise<Patient> {
  const aws = await startAws();
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-doctor-'));
  onTestFinished(async () => {
    await aws.close();
    await rm(folder, { recursive: true });
  });
  await writeFile(join(folder, 'config.yaml'), CONFIG);
  const run: Patient['run'] = (argv, account = ACCOUNT) =>
    runCommand(argv, {
      cwd: folder,
      clock: testClock(),
      env: { ...aws.environment({ region: 'eu-west-1', account }), AWS_MAX_ATTEMPTS: '3', PATH: process.env.PATH },
    });
  if (prepared) await run(['bootstrap', ...GITHUB, '--yes']);
  aws.calls.length = 0;
  return {
    aws,
    run,
    doctor: async (argv = []) => {
      const { code, stdout } = await run(['doctor', '--json', ...argv]);
      const checks = (JSON.parse(stdout).checks ?? []) as Check[];
      return { code, checks: Object.fromEntries(checks.map((check) => [check.name, check])) };
    },
  };
}

const problems = (checks: Record<string, Check>): string[] =>
  Object.values(checks)
    .filter(({ state }) => state === 'problem')
    .map(({ name }) => name);

describe('edgepass doctor', () => {
  it('finds nothing to mend in an account that was prepared', async () => {
    const { doctor } = await patient();
    const { code, checks } = await doctor();
    expect([code, problems(checks)]).toEqual([0, []]);
    expect(Object.keys(checks)).toEqual(
      expect.arrayContaining([
        'node',
        'git',
        'account',
        'bucket us-east-1',
        'bucket eu-west-1',
        'stack base.edge',
        'provider',
        'role plan',
        'role deploy',
        'role operate',
        'permissions',
      ]),
    );
    expect(checks['stack base.home']?.message).toBe('not deployed yet');
  });

  it('asks only what its policy allows', async () => {
    const { aws, doctor } = await patient();
    await doctor();
    const { modules } = await repositoryModules();
    const scope = { project: 'acme', environment: 'dev', account: ACCOUNT, region: 'eu-west-1', modules };
    const policy = policyDocument(commandGrants('doctor', scope));
    // The stand-in does not know that service's protocol, nor its operations.
    expect(isAllowed([policy], { action: 'servicequotas:ListServiceQuotas', resource: '*' })).toBe(true);
    const asked = aws.calls.filter(({ service }) => service !== 'servicequotas').map(requestOf);
    expect(asked.filter((request) => !isAllowed([policy], request))).toEqual([]);
  });

  it('says which bucket is missing, and that no pipeline was prepared', async () => {
    const { doctor } = await patient({ prepared: false });
    const { code, checks } = await doctor();
    expect([code, problems(checks).sort()]).toEqual([1, ['bucket eu-west-1', 'bucket us-east-1']]);
    expect(checks['bucket eu-west-1']?.remedy).toContain('edgepass bootstrap');
    expect(checks.pipeline).toMatchObject({ state: 'warning', remedy: expect.stringContaining('--github') });
  });

  it('shows line by line how the trust of a role differs', async () => {
    const { doctor } = await patient();
    const { code, checks } = await doctor(['--github', 'acme/other']);
    expect(code).toBe(1);
    expect(checks['role deploy']).toMatchObject({
      state: 'problem',
      lines: [
        '- Condition StringEquals token.actions.githubusercontent.com:sub = repo:acme/other:environment:dev',
        '+ Condition StringEquals token.actions.githubusercontent.com:sub = repo:acme/video:environment:dev',
      ],
      remedy: 'edgepass bootstrap --env dev --github acme/other',
    });
  });

  it('finds a missing provider and missing roles', async () => {
    const { aws, doctor } = await patient({ prepared: false });
    const { checks } = await doctor(GITHUB);
    expect(problems(checks)).toEqual(expect.arrayContaining(['provider', 'role plan', 'role deploy', 'role operate']));
    aws.iam.putOidcProvider(ACCOUNT, { Url: 'https://token.actions.githubusercontent.com', ClientIdList: ['other'] });
    expect((await doctor(GITHUB)).checks.provider).toMatchObject({
      state: 'problem',
      lines: ['- audience sts.amazonaws.com', '+ audience other'],
    });
  });

  it('says what deploying may not do', async () => {
    const { aws, doctor } = await patient();
    aws.iam.decide = ({ action, principalArn }) => {
      expect(principalArn).toBe(`arn:aws:iam::${ACCOUNT}:role/edgepass/edgepass-acme-dev-deploy`);
      return action === 'cloudformation:ExecuteChangeSet' ? 'explicitDeny' : 'allowed';
    };
    const { code, checks } = await doctor();
    expect([code, problems(checks)]).toEqual([1, ['permissions']]);
    expect(checks.permissions?.lines?.[0]).toMatch(/^- cloudformation:ExecuteChangeSet on arn:.*\(explicitDeny\)$/);
  });

  it('a check that AWS denies is a warning with its remedy, not a failure', async () => {
    const { aws, doctor } = await patient();
    const error = {
      code: 'AccessDenied',
      message: 'User: x is not authorized to perform: iam:SimulatePrincipalPolicy',
      status: 403,
    };
    aws.faults.add({ operation: 'SimulatePrincipalPolicy', error, times: 100 });
    const { code, checks } = await doctor();
    expect(code).toBe(0);
    expect(checks.permissions).toMatchObject({
      state: 'warning',
      remedy: expect.stringContaining('permissions doctor'),
    });
  });

  it('tells of a stack that is stuck, with the way out', async () => {
    const { aws, doctor } = await patient();
    const name = 'acme-dev-base-home';
    const { cloudFormation } = clients({ endpoint: aws.endpoint, region: 'eu-west-1', account: ACCOUNT });
    aws
      .cloudformation('eu-west-1', ACCOUNT)
      .failNext({ stack: name, resource: 'Topic', phase: 'create', reason: 'no' });
    await driver(cloudFormation, name).deploy('{"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}}');
    const { code, checks } = await doctor();
    expect([code, problems(checks)]).toEqual([1, ['stack base.home']]);
    expect(checks['stack base.home']).toMatchObject({
      message: expect.stringContaining('ROLLBACK_COMPLETE'),
      remedy: expect.stringContaining('delete-stack'),
    });
  });

  it('stops at the wrong account', async () => {
    const { aws, run } = await patient();
    const { code, stdout } = await run(['doctor'], '999999999999');
    expect(code).toBe(1);
    expect(stdout).toContain('The credentials are of account 999999999999');
    expect(aws.calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity']);
  });

  it('ends with 4 when AWS cannot be asked', async () => {
    const { aws, run } = await patient();
    aws.faults.add({
      operation: 'GetCallerIdentity',
      error: { code: 'ExpiredToken', message: 'expired', status: 403 },
    });
    const { code, stdout, stderr } = await run(['doctor']);
    expect(code).toBe(4);
    expect(stderr).toContain('EP7012');
    // What needs no AWS is said all the same.
    expect(stdout).toContain('node');
  });
});

describe('parts of doctor', () => {
  it('trust: order and Sids do not matter, another statement does', () => {
    const one = { Effect: 'Allow', Condition: { StringEquals: { sub: ['a', 'b'] } } };
    expect(
      trustDifferences(
        { Statement: [{ Sid: 'x', ...one }] },
        { Statement: { ...one, Condition: { StringEquals: { sub: ['b', 'a'] } } } },
      ),
    ).toEqual([]);
    expect(trustDifferences({ Statement: [one] }, { Statement: [one, { Effect: 'Allow', Principal: '*' }] })).toEqual([
      '+ statement 2: Effect = Allow',
      '+ statement 2: Principal = *',
    ]);
    const wide = { ...one, Condition: { StringLike: { sub: 'repo:acme/*' } } };
    expect(trustDifferences({ Statement: [one] }, { Statement: [wide] })).toEqual([
      '- Condition StringEquals sub = a',
      '- Condition StringEquals sub = b',
      '+ Condition StringLike sub = repo:acme/*',
    ]);
  });

  it('quotas: counts all pages, warns at four fifths', async () => {
    const cloudFront = {
      listDistributions: async ({ Marker }: { Marker?: string }) => ({
        DistributionList: { Items: Array(50).fill({}), NextMarker: Marker === undefined ? 'more' : '' },
      }),
      listFunctions: async () => ({ FunctionList: { Items: Array(80).fill({}) } }),
      listKeyValueStores: async () => ({ KeyValueStoreList: { Items: [] } }),
    } as unknown as CloudFrontApi;
    const quotas = {
      listQuotas: async ({ NextToken }: { NextToken?: string }) =>
        NextToken === undefined
          ? { Quotas: [{ QuotaName: 'Web distributions per AWS account', Value: 500 }], NextToken: 'more' }
          : { Quotas: [{ QuotaName: 'Functions per AWS account', Value: 100 }] },
    } as unknown as QuotasApi;
    const found = await checkQuotas({ cloudFront: async () => cloudFront, quotas: async () => quotas });
    expect(found.map(({ state, message }) => [state, message])).toEqual([
      ['ok', '100 of 500 in the account'],
      ['warning', '80 of 100 in the account'],
      ['ok', '0 in the account; AWS lists no limit'],
    ]);
    expect(quotaCheck({ what: 'functions', used: 100, limit: 100 })).toMatchObject({ state: 'problem' });
  });

  it('tools and principals', () => {
    expect([nodeCheck('18.20.0').state, nodeCheck('20.0.0').state, gitCheck(undefined).state]).toEqual([
      'problem',
      'ok',
      'warning',
    ]);
    expect(principalOf('arn:aws:sts::1:assumed-role/admin/ada')).toBe('arn:aws:iam::1:role/admin');
    expect(principalOf('arn:aws:iam::1:user/ada')).toBe('arn:aws:iam::1:user/ada');
  });
});
