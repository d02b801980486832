/** The life of a project on an AWS emulator: built command, generated output, real processes, real HTTP. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CloudFormationClient, CreateStackCommand, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import {
  CloudFrontClient,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DescribeFunctionCommand,
  GetFunctionCommand,
} from '@aws-sdk/client-cloudfront';
import { DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeSecretCommand, SecretsManagerClient, UpdateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Emulator, startMinistack } from '../helpers/ministack.ts';
import { describeWith } from '../helpers/needs.ts';
import { GAPS, LEFT_OUT } from './emulator-profile.ts';
import {
  ACCOUNTS,
  clientOf,
  EDGE,
  HOME,
  makeProject,
  type Printed,
  type Project,
  runCommand,
} from './emulator-project.ts';

const outcomes = ({ stacks }: Printed): Record<string, string> =>
  Object.fromEntries(stacks.map(({ id, outcome }) => [id, outcome]));
const states = ({ stacks }: Printed): Record<string, string> =>
  Object.fromEntries(stacks.map(({ id, status }) => [id, status]));
const codes = ({ diagnostics }: Printed): string[] => diagnostics.map(({ code }) => code);

describeWith(['ministack'], 'a project on the emulator', () => {
  let emulator: Emulator;
  let project: Project;
  const at = (environment: string, region = EDGE) =>
    clientOf(emulator, { account: ACCOUNTS[environment] ?? '', region });

  beforeAll(async () => {
    emulator = await startMinistack();
    project = makeProject(emulator);
    // A module of the operator's own: it has a Lambda function, which needs the artifact bucket.
    await runCommand(['new-module', 'notice'], { cwd: project.folder, env: {} });
    project.configure((config) => config.setIn(['modules', 'notice'], {}));
    const names = Object.keys(ACCOUNTS);
    await Promise.all(names.map((name) => project.bootstrap(name)));
    await project.generate(...names);
  }, 60_000);
  afterAll(async () => {
    project?.remove();
    await emulator?.stop();
  });

  it('needs the profile only where it says so', async () => {
    const cloudFormation = new CloudFormationClient(at('dev'));
    for (const type of [...Object.keys(GAPS), ...LEFT_OUT]) {
      const stack = { StackName: 'probe', TemplateBody: JSON.stringify({ Resources: { Probe: { Type: type } } }) };
      await expect(cloudFormation.send(new CreateStackCommand(stack)), `${type} is there by now`).rejects.toThrow(type);
    }
    const untouched = (file: string): string => readFileSync(join(project.folder, 'out/dev', file), 'utf8');
    for (const { template } of project.manifest('dev').stacks)
      expect(readFileSync(join(project.folder, 'emulated/dev', template), 'utf8')).toBe(untouched(template));
  });

  it('is deployed, with everything connected', async () => {
    const [dev, staging] = await Promise.all(['dev', 'staging'].map((name) => project.json(name, 'deploy', '--yes')));
    for (const ran of [dev, staging])
      expect([ran?.code, ran && outcomes(ran), ran?.diagnostics]).toEqual([
        0,
        {
          'base.edge': 'created',
          'base.home': 'created',
          'api.home': 'created',
          'demo.home': 'created',
          'notice.home': 'created',
        },
        [],
      ]);
    const outputs = Object.assign({}, ...(dev?.stacks ?? []).map((stack) => stack.outputs)) as Record<string, string>;
    expect(await published('dev')).toBe(
      readFileSync(join(project.folder, 'out/dev/functions/base.validator.js'), 'utf8'),
    );
    const answer = await emulator.request({
      service: 'lambda',
      account: ACCOUNTS.dev ?? '',
      region: HOME,
      path: `/2015-03-31/functions/${outputs.HelloArn}/invocations`,
      body: '{}',
    });
    expect(answer).not.toContain('errorMessage');
    expect(outputs.HelloArn).toMatch(/^arn:aws:lambda:/);
  });

  it('shows what is there', async () => {
    const found = await project.json('dev', 'status');
    expect([found.code, states(found)]).toEqual([
      0,
      {
        'base.edge': 'CREATE_COMPLETE',
        'base.home': 'CREATE_COMPLETE',
        'api.home': 'CREATE_COMPLETE',
        'demo.home': 'CREATE_COMPLETE',
        'notice.home': 'CREATE_COMPLETE',
      },
    ]);
    expect(found.deployed?.manifest).toBe(project.manifest('dev').digest);
  });

  it('is left alone when nothing changed', async () => {
    const before = await events('dev', 'acme-video-dev-base-edge');
    const again = await project.json('dev', 'deploy', '--yes');
    expect([again.code, new Set(Object.values(outcomes(again)))]).toEqual([0, new Set(['unchanged'])]);
    expect(await events('dev', 'acme-video-dev-base-edge')).toBe(before);
  });

  it('is updated as the reviewed preview said', async () => {
    project.configure((config) => config.setIn(['policies', 'subscriber', 'lifetime'], '2h'));
    await project.generate('dev');
    const preview = await project.edgepass('dev', 'preview', '--json');
    expect(preview.code).toBe(0);
    writeFileSync(join(project.folder, 'plan.json'), preview.stdout);
    const { environments } = JSON.parse(preview.stdout) as {
      environments: { stacks: { id: string; action: string; resources: { id: string }[] }[] }[];
    };
    const rows = environments[0]?.stacks.map(({ id, action, resources }) => [
      id,
      action,
      resources.map((one) => one.id),
    ]);
    expect(rows).toEqual([
      ['base.edge', 'update', expect.arrayContaining(['Validator'])],
      // The rotation has to know how long tokens live.
      ['base.home', 'update', expect.arrayContaining(['FirstKeys', 'KeysFunction'])],
      ['api.home', 'update', expect.arrayContaining(['Seed'])],
      ['demo.home', 'none', []],
      ['notice.home', 'none', []],
    ]);
    const ran = await project.json('dev', 'deploy', '--plan', 'plan.json');
    expect([ran.code, outcomes(ran)]).toEqual([
      0,
      {
        'base.edge': 'updated',
        'base.home': 'updated',
        'api.home': 'updated',
        'demo.home': 'unchanged',
        'notice.home': 'unchanged',
      },
    ]);
    expect(await published('dev')).toBe(
      readFileSync(join(project.folder, 'out/dev/functions/base.validator.js'), 'utf8'),
    );
  });

  it('waits for nobody: who holds the lock is named, and an expired lock is taken over', async () => {
    project.configure((config) => config.setIn(['modules', 'notice', 'logRetention'], 14));
    await project.generate('dev');
    const s3 = new S3Client({ ...at('dev', HOME), forcePathStyle: true });
    const lock = { Bucket: `edgepass-artifacts-${ACCOUNTS.dev}-${HOME}`, Key: 'locks/acme-video/dev.json' };
    const held = (expires: number): string =>
      JSON.stringify({
        who: 'eve@lab',
        command: 'deploy',
        since: '2026-01-01',
        expires: new Date(expires).toISOString(),
      });
    await s3.send(new PutObjectCommand({ ...lock, Body: held(Date.now() + 600_000) }));
    const refused = await project.json('dev', 'deploy', '--yes');
    expect([refused.code, codes(refused)]).toEqual([4, ['EP7021']]);
    expect(refused.diagnostics[0]?.message).toContain('eve@lab');
    await s3.send(new PutObjectCommand({ ...lock, Body: held(Date.now() - 1) }));
    const ran = await project.json('dev', 'deploy', '--yes');
    expect([ran.code, outcomes(ran)['notice.home']]).toEqual([0, 'updated']);
    await s3.send(new DeleteObjectCommand(lock));
  });

  it('is rolled back when a resource fails, says which and where, and recovers with the mended template', async () => {
    const template = join(project.folder, 'templates/notice/home.yaml.hbs');
    const good = readFileSync(template, 'utf8');
    await take('dev', 'acme-video-dev-greeting');
    writeFileSync(template, withFunction(good, 'acme-video-dev-greeting'));
    await project.generate('dev');
    const ran = await project.json('dev', 'deploy', '--yes');
    expect([ran.code, outcomes(ran)]).toEqual([
      4,
      {
        'base.edge': 'unchanged',
        'base.home': 'unchanged',
        'api.home': 'unchanged',
        'demo.home': 'unchanged',
        'notice.home': 'failed',
      },
    ]);
    const [first] = ran.diagnostics;
    const lines = readFileSync(join(project.folder, 'emulated/dev/notice-home.template.yaml'), 'utf8').split('\n');
    expect(first).toMatchObject({
      code: 'EP7301',
      message: expect.stringMatching(/Greeting \(AWS::CloudFront::Function\).*already exists/),
      place: { file: 'emulated/dev/notice-home.template.yaml', line: lines.indexOf('  Greeting:') + 1 },
    });
    expect(first?.hint).toMatch(/remove or rename it.*UPDATE_ROLLBACK_COMPLETE.*edgepass deploy --env dev/);
    expect(states(await project.json('dev', 'status'))['notice.home']).toBe('UPDATE_ROLLBACK_COMPLETE');
    writeFileSync(template, withFunction(good, 'acme-video-dev-greeting-2'));
    await project.generate('dev');
    const mended = await project.json('dev', 'deploy', '--yes');
    expect([mended.code, outcomes(mended)['notice.home']]).toEqual([0, 'updated']);
  });

  it('says how to go on when the first creation fails, and goes on like that', async () => {
    const name = 'acme-video-prod-validator';
    await take('prod', name);
    const ran = await project.edgepass('prod', 'deploy', '--yes');
    expect(ran.code).toBe(4);
    const lines = readFileSync(join(project.folder, 'emulated/prod/base-edge.template.yaml'), 'utf8').split('\n');
    expect(ran.stderr).toContain(`emulated/prod/base-edge.template.yaml:${lines.indexOf('  Validator:') + 1}`);
    expect(ran.stderr).toMatch(/EP7301.*Validator \(AWS::CloudFront::Function\)/);
    expect(ran.stderr).toContain('ROLLBACK_COMPLETE');
    const again = await project.json('prod', 'deploy', '--yes');
    expect([again.code, codes(again)]).toEqual([4, ['EP7203']]);
    const { hint = '' } = again.diagnostics[0] ?? {};
    expect(hint).toMatch(/aws cloudformation delete-stack .*--stack-name acme-video-prod-base-edge/);
    const functions = new CloudFrontClient(at('prod'));
    const { ETag = '' } = await functions.send(new DescribeFunctionCommand({ Name: name, Stage: 'DEVELOPMENT' }));
    await functions.send(new DeleteFunctionCommand({ Name: name, IfMatch: ETag }));
    await emulator.request({
      service: 'cloudformation',
      account: ACCOUNTS.prod ?? '',
      region: EDGE,
      body: 'Action=DeleteStack&StackName=acme-video-prod-base-edge',
    });
    const done = await project.json('prod', 'deploy', '--yes');
    expect([done.code, outcomes(done)['base.edge']]).toEqual([0, 'created']);
  });

  it('finds drift; the emulator cannot heal it', async () => {
    const secrets = new SecretsManagerClient(at('staging', HOME));
    const SecretId = 'edgepass/acme-video/staging/key-record';
    const { Description } = await secrets.send(new DescribeSecretCommand({ SecretId }));
    // The value is what the running product owns; its description is not.
    await secrets.send(new UpdateSecretCommand({ SecretId, SecretString: '{"keys":[]}', Description: 'by hand' }));
    const found = await project.edgepass('staging', 'drift', '--fail-on-drift');
    expect(found.code).toBe(3);
    expect(found.stdout).toMatch(
      /KeyRecord AWS::SecretsManager::Secret \(emulated\/staging\/base-home.template.yaml:\d+\)/,
    );
    expect(found.stdout).toContain('by hand');
    const healing = await project.json('staging', 'drift', '--heal', '--yes');
    expect([healing.code, codes(healing)]).toEqual([4, ['EP7403']]);
    await secrets.send(new UpdateSecretCommand({ SecretId, Description: Description ?? '' }));
    expect((await project.edgepass('staging', 'drift', '--fail-on-drift')).code).toBe(0);
  });

  it('goes back to an earlier deployment', async () => {
    const before = await published('dev');
    const listed = await project.edgepass('dev', 'rollback');
    const digests = [...listed.stdout.matchAll(/ ([0-9a-f]{12})$/gm)].map(([, digest = '']) => digest);
    expect(digests[0]).toBe(project.manifest('dev').digest.slice(0, 12));
    const first = digests.at(-1) ?? '';
    const ran = await project.json('dev', 'rollback', '--to', first, '--yes');
    expect([ran.code, outcomes(ran)['base.edge']]).toEqual([0, 'updated']);
    expect(await published('dev')).not.toBe(before);
    expect((await project.edgepass('dev', 'status')).stdout).toContain(`deployed ${first}`);
  });

  it('is destroyed, except what holds state', async () => {
    const wrong = await project.json('dev', 'destroy', '--confirm', 'staging');
    expect(codes(wrong)).toEqual(['EP7501']);
    const ran = await project.edgepass('dev', 'destroy', '--confirm', 'dev');
    expect(ran.code).toBe(0);
    for (const id of ['KeyRecord', 'IssuerRecord', 'OriginVerifyPackager'])
      expect(ran.stderr).toMatch(new RegExp(`${id} AWS::SecretsManager::Secret stays in the account`));
    const secrets = new SecretsManagerClient(at('dev', HOME));
    const kept = await secrets.send(new DescribeSecretCommand({ SecretId: 'edgepass/acme-video/dev/key-record' }));
    expect(kept.Name).toBe('edgepass/acme-video/dev/key-record');
    await expect(published('dev')).rejects.toThrow();
  });

  /** What the edge would run. */
  async function published(environment: string): Promise<string> {
    const client = new CloudFrontClient(at(environment));
    const Name = `acme-video-${environment}-validator`;
    const { FunctionCode } = await client.send(new GetFunctionCommand({ Name, Stage: 'LIVE' }));
    return new TextDecoder().decode(FunctionCode);
  }

  async function events(environment: string, StackName: string): Promise<number> {
    const { StackEvents } = await new CloudFormationClient(at(environment)).send(
      new DescribeStackEventsCommand({ StackName }),
    );
    return StackEvents?.length ?? 0;
  }

  /** Somebody made a function by hand, which has the name that ours wants. */
  async function take(environment: string, Name: string): Promise<void> {
    const FunctionConfig = { Comment: 'by hand', Runtime: 'cloudfront-js-2.0' as const };
    await new CloudFrontClient(at(environment)).send(
      new CreateFunctionCommand({
        Name,
        FunctionConfig,
        FunctionCode: new TextEncoder().encode('function handler() {}'),
      }),
    );
  }
});

function withFunction(template: string, name: string): string {
  const resource = `
  Greeting:
    Type: AWS::CloudFront::Function
    Properties:
      Name: ${name}
      FunctionCode: 'function handler(event) { return event.request; }'
      FunctionConfig: {Comment: greets, Runtime: cloudfront-js-2.0}
`;
  return template.replace(/\nOutputs:/, `${resource}\nOutputs:`);
}
