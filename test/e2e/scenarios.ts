/**
 * Scenarios of deployment that see AWS only through its API, so that they hold for every AWS there is: the in-memory one
 * and the emulator. What needs a failure on demand, a cut of the network or a look behind the API is in
 * `test/generator/aws`.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type CloudFormationClient,
  CreateChangeSetCommand,
  CreateStackCommand,
  DescribeStacksCommand,
  ListChangeSetsCommand,
} from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import type { Manifest } from '../../generator/output/manifest.ts';
import { EDGE, HOME, lineIn } from '../helpers/deployment.ts';
import type { Variant } from '../helpers/deployment-variants.ts';
import type { Ran } from '../helpers/fake-io.ts';
import type { Printed } from './emulator-project.ts';

/** An AWS account without stacks, and a folder with an output of three of them (`variantTree`). */
export interface Ground {
  account: string;
  folder: string;
  /** Milliseconds since 1970, as the commands see it. */
  now(): number;
  output(variant?: Variant): Promise<Manifest>;
  run(argv: readonly string[]): Promise<Ran>;
  /** Two deployments are never at the very same time. */
  later(): Promise<void>;
  cloudFormation(region: string): CloudFormationClient;
  dynamoDb(region: string): DynamoDBClient;
  s3(region: string): S3Client;
}

const DEPLOY = ['deploy', '--env', 'dev', '--yes', '--json'];
const PREVIEW = ['preview', '--env', 'dev', '--json'];
const STATUS = ['status', '--env', 'dev', '--json'];
const DESTROY = ['destroy', '--env', 'dev', '--json'];

const result = ({ stdout }: Ran): Printed => JSON.parse(stdout) as Printed;
const codes = (ran: Ran): string[] => result(ran).diagnostics.map(({ code }) => code);
const outcomes = (ran: Ran): string[] => result(ran).stacks.map(({ id, outcome }) => `${id} ${outcome}`);
const UNCHANGED = ['base.edge unchanged', 'base.home unchanged', 'base.worker unchanged'];

/** Somebody else's table, with the name that ours will want. */
const THEIR_TABLE = JSON.stringify({
  Resources: {
    Taken: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
        TableName: 'acme-dev-rows',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      },
    },
  },
});

export function scenarios(open: (variant?: Variant) => Promise<Ground>): void {
  async function deployed(variant: Variant = {}): Promise<Ground> {
    const ground = await open(variant);
    const ran = await ground.run(DEPLOY);
    if (ran.code !== 0) throw new Error(ran.stdout);
    return ground;
  }
  const bucket = ({ account }: Ground): string => `edgepass-artifacts-${account}-${HOME}`;
  const stackIn = async (ground: Ground, region: string, StackName: string) =>
    (await ground.cloudFormation(region).send(new DescribeStacksCommand({ StackName }))).Stacks?.[0];
  const kept = async (ground: Ground): Promise<string[]> => {
    const { Contents = [] } = await ground.s3(HOME).send(new ListObjectsV2Command({ Bucket: bucket(ground) }));
    return Contents.map(({ Key = '' }) => Key);
  };
  /** Somebody else's stack has a function of the name that ours will want. */
  const taken = (name: string): string => `Resources:
  Taken:
    Type: AWS::CloudFront::Function
    Properties:
      Name: ${name}
      FunctionCode: "function handler(event) { return event.request; }"
      FunctionConfig:
        Comment: taken
        Runtime: cloudfront-js-2.0
`;
  const take = async (ground: Ground, name: string): Promise<void> => {
    const client = ground.cloudFormation(HOME);
    await client.send(new CreateStackCommand({ StackName: 'theirs', TemplateBody: taken(name) }));
    for (;;) {
      const StackStatus = (await stackIn(ground, HOME, 'theirs'))?.StackStatus;
      if (StackStatus === 'CREATE_COMPLETE') return;
      if (StackStatus !== 'CREATE_IN_PROGRESS') throw new Error(StackStatus);
    }
  };

  it('creates the stacks in order, feeds outputs to parameters, and records it', async () => {
    const ground = await open();
    const ran = await ground.run(DEPLOY);
    expect([ran.code, outcomes(ran)]).toEqual([0, ['base.edge created', 'base.home created', 'base.worker created']]);
    const edge = await stackIn(ground, EDGE, 'acme-dev-base-edge');
    const worker = await stackIn(ground, HOME, 'acme-dev-base-worker');
    const values = Object.fromEntries(
      (worker?.Parameters ?? []).map(({ ParameterKey, ParameterValue }) => [ParameterKey, ParameterValue]),
    );
    expect(values).toEqual({
      ArtifactBucket: bucket(ground),
      BaseRuleGroupArn: edge?.Outputs?.find(({ OutputKey }) => OutputKey === 'RuleGroupArn')?.OutputValue,
      HomeMarkerName: '/acme/dev/home',
    });
    expect(values.BaseRuleGroupArn).toMatch(/^arn:aws:wafv2:/);
    const folders = (await kept(ground)).map((key) => key.split('/')[0]);
    expect(folders.sort()).toEqual(['deployments', 'functions', 'manifests', 'templates', 'templates']);
  });

  it('does nothing where nothing changed', async () => {
    const ground = await deployed();
    const before = await kept(ground);
    const ran = await ground.run(DEPLOY);
    expect([ran.code, outcomes(ran)]).toEqual([0, UNCHANGED]);
    expect((await ground.run([...PREVIEW, '--fail-on-changes'])).code).toBe(0);
    expect(await kept(ground)).toEqual(before);
  });

  it('updates what changed, and takes its preview away again', async () => {
    const ground = await deployed();
    await ground.output({ topic: 'other' });
    expect((await ground.run([...PREVIEW, '--fail-on-changes'])).code).toBe(3);
    const { Summaries = [] } = await ground
      .cloudFormation(HOME)
      .send(new ListChangeSetsCommand({ StackName: 'acme-dev-base-worker' }));
    expect(Summaries.filter(({ ChangeSetName }) => ChangeSetName?.includes('preview'))).toEqual([]);
    expect(outcomes(await ground.run(DEPLOY))).toEqual([...UNCHANGED.slice(0, 2), 'base.worker updated']);
    expect(outcomes(await ground.run(DEPLOY))).toEqual(UNCHANGED);
  });

  it('names what failed with its line and what to do, deletes nothing, and starts nothing behind it', async () => {
    const ground = await open({ extra: taken('acme-greeting') });
    await take(ground, 'acme-greeting');
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7301', 'EP7305']]);
    const file = 'out/dev/base-home.template.yaml';
    const [failure] = result(ran).diagnostics;
    expect(failure).toMatchObject({ place: { file, line: await lineIn(ground.folder, file, '  Taken:') } });
    expect(failure?.message).toContain('already exists');
    expect(failure?.hint).toMatch(/holds nothing.*aws cloudformation delete-stack --stack-name acme-dev-base-home/);
    expect(outcomes(ran)).toEqual(['base.edge created', 'base.home failed', 'base.worker not-started']);
    expect(codes(await ground.run(DEPLOY))).toEqual(['EP7203']);
    expect((await stackIn(ground, HOME, 'acme-dev-base-home'))?.StackStatus).toBe('ROLLBACK_COMPLETE');
  });

  it('goes on after an update that was rolled back', async () => {
    const ground = await deployed();
    await take(ground, 'acme-greeting');
    await ground.output({ extra: taken('acme-greeting') });
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)[0]]).toEqual([4, 'EP7301']);
    expect(result(ran).diagnostics[0]?.hint).toContain('as it was before');
    expect((await stackIn(ground, HOME, 'acme-dev-base-home'))?.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    await ground.output({ extra: taken('acme-greeting-2') });
    expect(outcomes(await ground.run(DEPLOY))[1]).toBe('base.home updated');
  });

  it('refuses to replace a table, and does it when allowed', async () => {
    const ground = await deployed();
    await ground.output({ tableKey: 'token' });
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302', 'EP7305']]);
    expect(result(ran).diagnostics[0]).toMatchObject({ hint: expect.stringContaining('--allow replace-state') });
    expect((await ground.run([...DEPLOY, '--allow', 'replace-state'])).code).toBe(0);
  });

  it('refuses to take a table out of its stack', async () => {
    const ground = await deployed();
    await ground.output({ table: false });
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302']]);
  });

  it('refuses wider permissions in a protected environment', async () => {
    const wider = { actions: ['wafv2:GetRuleGroup', 'wafv2:UpdateRuleGroup'], protected: true };
    const ground = await deployed({ protected: true });
    await ground.output(wider);
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302']]);
    expect((await ground.run([...DEPLOY, '--allow', 'widen-permissions'])).code).toBe(0);
  });

  it("leaves somebody else's change set alone", async () => {
    const ground = await deployed();
    const client = ground.cloudFormation(HOME);
    const StackName = 'acme-dev-base-worker';
    const TemplateBody = '{"Resources": {"Note": {"Type": "AWS::SNS::Topic"}}}';
    await client.send(new CreateChangeSetCommand({ StackName, ChangeSetName: 'hers', TemplateBody }));
    await ground.output({ topic: 'other' });
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([1, ['EP7302']]);
    expect(result(ran).diagnostics[0]?.message).toContain('hers');
    const { Summaries = [] } = await client.send(new ListChangeSetsCommand({ StackName }));
    expect(Summaries.map(({ ChangeSetName }) => ChangeSetName)).toContain('hers');
    expect((await ground.run([...DEPLOY, '--allow', 'other-change-set'])).code).toBe(0);
  });

  it('deploys what was reviewed, and refuses anything else', async () => {
    const ground = await deployed();
    await ground.output({ topic: 'one' });
    await writeFile(join(ground.folder, 'plan.json'), (await ground.run(PREVIEW)).stdout);
    const WITH_PLAN = ['deploy', '--env', 'dev', '--json', '--plan', 'plan.json'];
    await ground.output({ topic: 'two' });
    expect(codes(await ground.run(WITH_PLAN))).toEqual(['EP7303']);
    await ground.output({ topic: 'one' });
    expect(outcomes(await ground.run(WITH_PLAN))[2]).toBe('base.worker updated');
  });

  it('excludes a second deployment, takes over an expired lock, and gives it back', async () => {
    const ground = await open();
    const at = { Bucket: bucket(ground), Key: 'locks/acme/dev.json' };
    const held = (expires: number): PutObjectCommand => {
      const content = { who: 'eve', command: 'deploy', since: '2026', expires: new Date(expires).toISOString() };
      return new PutObjectCommand({ ...at, Body: JSON.stringify(content) });
    };
    await ground.s3(HOME).send(held(ground.now() + 600_000));
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7021']]);
    expect(result(ran).diagnostics[0]?.message).toContain('eve');
    await ground.s3(HOME).send(held(ground.now() - 1_000));
    expect((await ground.run(DEPLOY)).code).toBe(0);
    await expect(ground.s3(HOME).send(new GetObjectCommand(at))).rejects.toThrow();
  });

  it('lists what was deployed, and deploys the earlier again with its code', async () => {
    const ground = await open();
    const first = await ground.output({ code: 'exports.handler = async () => 1;' });
    expect(codes(await ground.run(DEPLOY))).toEqual([]);
    await ground.later();
    const second = await ground.output({ topic: 'second', code: 'exports.handler = async () => 2;' });
    expect(result(await ground.run(DEPLOY)).diagnostics).toEqual([]);
    await ground.later();
    const { deployments } = JSON.parse((await ground.run(['rollback', '--env', 'dev', '--json'])).stdout) as {
      deployments: { manifest: string }[];
    };
    expect(deployments.map(({ manifest }) => manifest)).toEqual([second.digest, first.digest]);
    const ran = await ground.run(['rollback', '--env', 'dev', '--to', first.digest.slice(0, 10), '--yes', '--json']);
    expect([ran.code, outcomes(ran)[2]]).toEqual([0, 'base.worker updated']);
    expect(JSON.parse((await ground.run(STATUS)).stdout)).toMatchObject({
      deployed: { manifest: first.digest },
      local: second.digest,
    });
    const unknown = await ground.run(['rollback', '--env', 'dev', '--to', '0000000', '--yes', '--json']);
    expect(codes(unknown)).toEqual(['EP7511']);
  });

  it('finds no drift where nothing was touched', async () => {
    const ground = await deployed();
    expect((await ground.run(['drift', '--env', 'dev', '--fail-on-drift'])).code).toBe(0);
  });

  it('destroys the last stack first, asks for the name, and keeps what holds state', async () => {
    const ground = await deployed();
    expect(codes(await ground.run(DESTROY))).toEqual(['EP7024']);
    expect(codes(await ground.run([...DESTROY, '--confirm', 'prod']))).toEqual(['EP7501']);
    const ran = await ground.run([...DESTROY, '--confirm', 'dev']);
    expect([ran.code, outcomes(ran)]).toEqual([0, ['base.worker deleted', 'base.home deleted', 'base.edge deleted']]);
    const { stacks } = JSON.parse(ran.stdout) as { stacks: { retained: object[] }[] };
    expect(stacks[1]?.retained).toEqual([{ id: 'Revocations', type: 'AWS::DynamoDB::Table' }]);
    expect((await ground.run([...DESTROY, '--confirm', 'dev'])).code).toBe(0);
  });

  it('finds the table that was kept, and creates the rest around it', async () => {
    const ground = await deployed({ kept: 'table' });
    const tables = ground.dynamoDb(HOME);
    const made = await tables.send(new DescribeTableCommand({ TableName: 'acme-dev-rows' }));
    expect((await ground.run([...DESTROY, '--confirm', 'dev'])).code).toBe(0);
    expect((await ground.run(PREVIEW)).stdout).toContain('1 resource that was kept is taken up again by base.home');
    const ran = await ground.run(DEPLOY);
    expect([ran.code, outcomes(ran)]).toEqual([0, ['base.edge created', 'base.home created', 'base.worker created']]);
    const { stacks } = JSON.parse(ran.stdout) as { stacks: { takenUp?: string[] }[] };
    expect(stacks.map(({ takenUp }) => takenUp)).toEqual([undefined, ['Rows'], undefined]);
    const kept = await tables.send(new DescribeTableCommand({ TableName: 'acme-dev-rows' }));
    expect(kept.Table?.TableId).toBe(made.Table?.TableId);
    expect(outcomes(await ground.run(DEPLOY))).toEqual(UNCHANGED);
    expect((await ground.run(['drift', '--env', 'dev', '--fail-on-drift'])).code).toBe(0);
  });

  it('leaves a table of that name alone that is not its own', async () => {
    const ground = await open({ kept: 'table' });
    const client = ground.cloudFormation(HOME);
    await client.send(new CreateStackCommand({ StackName: 'theirs', TemplateBody: THEIR_TABLE }));
    while ((await stackIn(ground, HOME, 'theirs'))?.StackStatus === 'CREATE_IN_PROGRESS');
    const ran = await ground.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7206']]);
    await expect(stackIn(ground, HOME, 'acme-dev-base-home')).rejects.toThrow('does not exist');
  });

  it('refuses to destroy a protected environment', async () => {
    const ground = await deployed({ protected: true });
    expect(codes(await ground.run([...DESTROY, '--confirm', 'dev']))).toEqual(['EP7502']);
    expect((await stackIn(ground, EDGE, 'acme-dev-base-edge'))?.StackStatus).toBe('CREATE_COMPLETE');
  });

  it('refuses an edited file before anything is asked', async () => {
    const ground = await open();
    const file = join(ground.folder, 'out/dev/base-home.template.yaml');
    await writeFile(file, `${await readFile(file, 'utf8')}# by hand\n`);
    expect(codes(await ground.run(DEPLOY))).toEqual(['EP7002']);
    await expect(stackIn(ground, HOME, 'acme-dev-base-home')).rejects.toThrow('does not exist');
  });
}
