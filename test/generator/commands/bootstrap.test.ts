/** `bootstrap` against the in-memory AWS. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Io } from '../../../generator/commands/command.ts';
import { type Aws, startAws } from '../../helpers/aws/start.ts';
import { testClock } from '../../helpers/deployment.ts';
import { type Ran, run } from '../../helpers/fake-io.ts';

const DEV = '111111111111';
const PROD = '333333333333';

const CONFIG = `project: acme
origins:
  packager: {domain: origin.example.com}
policies:
  subscriber: {lifetime: 4h}
streams:
  live: {paths: [/live/], policy: subscriber}
modules: {base: {}}
environments:
  dev: {account: "${DEV}", region: eu-west-1}
  staging: {account: "${DEV}", region: eu-central-1}
  prod: {account: "${PROD}", region: us-east-1}
`;

interface Prepared {
  aws: Aws;
  folder: string;
  run(argv: readonly string[], options?: { account?: string; io?: Partial<Io> }): Promise<Ran>;
}

async function prepared(): Promise<Prepared> {
  const aws = await startAws();
  const folder = await mkdtemp(join(tmpdir(), 'edgepass-bootstrap-'));
  onTestFinished(async () => {
    await aws.close();
    await rm(folder, { recursive: true });
  });
  await writeFile(join(folder, 'config.yaml'), CONFIG);
  return {
    aws,
    folder,
    run: (argv, { account = DEV, io } = {}) =>
      run(['bootstrap', ...argv], {
        cwd: folder,
        clock: testClock(),
        env: { ...aws.environment({ region: 'eu-west-1', account }), AWS_MAX_ATTEMPTS: '3' },
        ...io,
      }),
  };
}

const GITHUB = ['--github', 'acme/video', '--owner-id', '42', '--repository-id', '4711'];
const outcomes = ({ stdout }: Ran): string[] =>
  JSON.parse(stdout).stacks.map(
    (one: { name: string; region: string; outcome: string }) => `${one.name} ${one.region} ${one.outcome}`,
  );
const codes = ({ stdout }: Ran): string[] => JSON.parse(stdout).diagnostics.map(({ code }: { code: string }) => code);
const changes = ({ calls }: Aws): string[] =>
  calls.map(({ operation }) => operation).filter((operation) => operation === 'ExecuteChangeSet');

describe('edgepass bootstrap', () => {
  it('prepares all Regions and environments of the account, and says which account remains', async () => {
    const { aws, run } = await prepared();
    const ran = await run([...GITHUB, '--yes', '--json']);
    expect(ran).toMatchObject({ code: 0, stderr: '' });
    expect(outcomes(ran)).toEqual([
      'edgepass-bootstrap us-east-1 created',
      'edgepass-bootstrap eu-west-1 created',
      'edgepass-bootstrap eu-central-1 created',
      'edgepass-bootstrap-acme us-east-1 created',
    ]);
    expect(codes(ran)).toEqual(['EP7601']);
    expect(ran.stdout).toContain('bootstrap --env prod --github acme/video');
    const { properties } = aws.iam.role(DEV, 'edgepass-acme-staging-deploy');
    expect(JSON.stringify(properties)).toContain('repo:acme@42/video@4711:environment:staging');
    expect(aws.iam.oidcProviders(DEV)).toHaveLength(1);
    expect(aws.iam.oidcProviders(PROD)).toEqual([]);
  });

  it('does nothing the second time, also when it is not told of the repository again', async () => {
    const { aws, run } = await prepared();
    await run([...GITHUB, '--yes']);
    for (const argv of [GITHUB, []]) {
      aws.calls.length = 0;
      const ran = await run([...argv, '--json']);
      expect(outcomes(ran).filter((line) => !line.endsWith(' unchanged'))).toEqual([]);
      expect(outcomes(ran)).toHaveLength(4);
      expect(changes(aws)).toEqual([]);
    }
  });

  it('changes the trust of the roles when the repository moves', async () => {
    const { aws, run } = await prepared();
    await run([...GITHUB, '--yes']);
    const ran = await run(['--github', 'acme/other', '--yes', '--json']);
    expect(outcomes(ran).filter((line) => line.endsWith('updated'))).toEqual([
      'edgepass-bootstrap-acme us-east-1 updated',
    ]);
    const trust = JSON.stringify(aws.iam.role(DEV, 'edgepass-acme-dev-deploy').properties.AssumeRolePolicyDocument);
    expect(trust).toContain('repo:acme/other:environment:dev');
    expect(trust).not.toContain('video');
  });

  it('uses a provider that somebody else made', async () => {
    const { aws, run } = await prepared();
    aws.iam.putOidcProvider(DEV, {
      Url: 'https://token.actions.githubusercontent.com',
      ClientIdList: ['sts.amazonaws.com'],
    });
    expect((await run([...GITHUB, '--yes'])).code).toBe(0);
    expect(aws.iam.oidcProviders(DEV)).toHaveLength(1);
  });

  it('makes buckets only without a repository, and says so', async () => {
    const { aws, run } = await prepared();
    const ran = await run(['--yes', '--json']);
    expect(outcomes(ran)).toHaveLength(3);
    expect(codes(ran)).toEqual(['EP7602', 'EP7601']);
    expect(aws.iam.oidcProviders(DEV)).toEqual([]);
  });

  it('asks before it changes anything, and shows what', async () => {
    const { aws, run } = await prepared();
    const asked: string[] = [];
    const terminal = (answer: string): Io['terminal'] => ({
      columns: 100,
      ask: async (question) => {
        asked.push(question);
        return answer;
      },
    });
    const ran = await run(GITHUB, { io: { terminal: terminal('no') } as Partial<Io> });
    expect(ran.code).toBe(1);
    expect(ran.stderr).toContain('EP7306');
    expect(ran.stderr).toContain('DevDeployRole');
    expect(asked).toEqual([`Prepare account ${DEV}? (yes) `]);
    expect(changes(aws)).toEqual([]);
    // Nobody to ask.
    expect((await run(GITHUB)).stderr).toContain('EP7024');
    expect((await run(GITHUB, { io: { terminal: terminal('yes') } as Partial<Io> })).code).toBe(0);
  });

  it('refuses credentials of an account that it is not for', async () => {
    const { aws, run } = await prepared();
    const ran = await run([...GITHUB, '--yes', '--env', 'prod']);
    expect([ran.code, changes(aws)]).toEqual([4, []]);
    expect(ran.stderr).toContain('EP7013');
    expect((await run([...GITHUB, '--yes'], { account: '999999999999' })).stderr).toContain('EP7013');
    const prod = await run([...GITHUB, '--yes', '--env', 'prod', '--json'], { account: PROD });
    expect([prod.code, outcomes(prod).length]).toEqual([0, 2]);
  });

  it('says which permission is missing', async () => {
    const { aws, run } = await prepared();
    aws.faults.add({
      operation: 'CreateChangeSet',
      error: {
        code: 'AccessDenied',
        message: `User: arn:aws:iam::${DEV}:user/ada is not authorized to perform: cloudformation:CreateChangeSet on resource: x`,
        status: 403,
      },
    });
    const ran = await run([...GITHUB, '--yes']);
    expect([ran.code, changes(aws)]).toEqual([4, []]);
    expect(ran.stderr).toContain('AWS denies cloudformation:CreateChangeSet');
  });

  it('writes the templates without AWS, and says what to type', async () => {
    const { aws, folder, run } = await prepared();
    const ran = await run([...GITHUB, '--write', 'by-hand']);
    expect([ran.code, aws.calls]).toEqual([0, []]);
    expect(ran.stdout).toContain(
      `aws cloudformation deploy --region us-east-1 --stack-name edgepass-bootstrap-acme --template-file by-hand/${PROD}/bootstrap-access.template.yaml --capabilities CAPABILITY_NAMED_IAM`,
    );
    expect(await readFile(join(folder, 'by-hand', DEV, 'bootstrap-us-east-1.template.yaml'), 'utf8')).toContain(
      'AWS::IAM::OIDCProvider',
    );
    // Two environments of one account: too large for a request.
    expect(ran.stdout).toContain(
      `--template-file by-hand/${DEV}/bootstrap-access.template.yaml --capabilities CAPABILITY_NAMED_IAM --s3-bucket edgepass-artifacts-${DEV}-us-east-1`,
    );
    await run([...GITHUB, '--existing-provider', '--write', 'shared']);
    expect(await readFile(join(folder, 'shared', DEV, 'bootstrap-us-east-1.template.yaml'), 'utf8')).not.toContain(
      'AWS::IAM::OIDCProvider',
    );
  });

  it.each([
    ['a pattern', ['--github', 'acme/*']],
    ['a subject', ['--github', 'acme/video:environment:x']],
    ['half of the ids', ['--github', 'acme/video', '--owner-id', '42']],
    ['ids that are no numbers', ['--github', 'acme/video', '--owner-id', '*', '--repository-id', '1']],
    ['a pattern as branch', ['--github', 'acme/video', '--branch', '*']],
    ['ids of nothing', ['--owner-id', '42', '--repository-id', '1']],
    ['a boundary that is no policy', ['--github', 'acme/video', '--boundary', 'limit']],
  ])('takes %s for a mistake', async (_name, argv) => {
    const { aws, run } = await prepared();
    expect([(await run([...argv, '--yes'])).code, aws.calls]).toEqual([2, []]);
  });
});
