/** What an earlier stack kept is taken up again by the next one, and nothing of anybody else is. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { driver, template } from '../../helpers/aws/stack-driver.ts';
import { ACCOUNT, type Deployment, deployment, HOME, lineIn } from '../../helpers/deployment.ts';
import {
  codes,
  DEPLOY,
  DESTROY,
  describeSecret,
  destroyed,
  holdings,
  imported,
  KEY,
  OURS,
  outcomes,
  PREVIEW,
  previewed,
  result,
  STACK,
  sdk,
  types,
} from './kept-world.ts';

describe('a deployment after destroy', () => {
  it('finds what was kept, with what it holds, and creates the rest around it', async () => {
    const one = await destroyed();
    const before = holdings(one);
    const ran = await one.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([0, []]);
    expect(outcomes(ran)).toEqual([
      'base.edge created Verify',
      'base.home created Rows KeyRecord',
      'base.worker created',
    ]);
    expect(holdings(one)).toEqual(before);
    expect(before.rows).toEqual([{ id: { S: 's1' } }]);
    expect(before.verify).toMatch(/^generated /);
    expect(types(one).sort()).toEqual(['CREATE', 'IMPORT', 'IMPORT', 'UPDATE', 'UPDATE']);
    expect(one.operations().filter((name) => /:(Delete|Update|Put|Tag|Restore)(?!Object)/.test(name))).toEqual([]);
    const { definition } = one.aws.cloudformation(HOME).resource(STACK, 'KeyRecord');
    expect(definition.attributes.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(result(ran).stacks[1]?.outputs.MarkerName).toBe('/acme/dev/home');
  });

  it('is unchanged afterwards, without drift, and can be destroyed and deployed once more', async () => {
    const one = await destroyed();
    const before = holdings(one);
    await one.must(DEPLOY);
    const again = await one.run(DEPLOY);
    expect(outcomes(again)).toEqual(['base.edge unchanged', 'base.home unchanged', 'base.worker unchanged']);
    expect((await one.run([...PREVIEW, '--fail-on-changes'])).code).toBe(0);
    expect((await one.run(['drift', '--env', 'dev', '--fail-on-drift'])).code).toBe(0);
    await one.must(DESTROY);
    expect(outcomes(await one.run(DEPLOY))[1]).toBe('base.home created Rows KeyRecord');
    expect(holdings(one)).toEqual(before);
  });

  it('is shown by preview, which changes nothing', async () => {
    const one = await destroyed();
    const ran = await one.run(PREVIEW);
    expect([ran.code, imported(ran).sort()]).toEqual([0, ['KeyRecord', 'Rows', 'Verify']]);
    expect(previewed(ran)?.risks).toMatchObject([
      { kind: 'take-up-state', stack: 'base.edge', needsAllow: false },
      {
        kind: 'take-up-state',
        stack: 'base.home',
        message: `2 resources that were kept are taken up again by base.home, with what they hold: Rows (acme-dev-rows), KeyRecord (${KEY}).`,
      },
    ]);
    expect(one.operations().filter((name) => /Create|Execute|Put|Delete/.test(name))).toEqual([]);
    expect((await one.run(['preview', '--env', 'dev'])).stdout).toContain(
      'KeyRecord AWS::SecretsManager::Secret is taken up again',
    );
  });

  it('is shown before it is confirmed, and said afterwards', async () => {
    const one = await destroyed();
    const shown = { terminal: { columns: 80, ask: async () => 'no' } };
    const refused = await one.run(['deploy', '--env', 'dev'], shown);
    expect(refused.stderr).toContain('2 resources that were kept are taken up again by base.home');
    expect(types(one)).toEqual([]);
    const ran = await one.run(['deploy', '--env', 'dev', '--yes']);
    expect(ran.stdout).toContain(
      'taken up again, with what they hold: Verify, Rows, KeyRecord. `edgepass drift --env dev`',
    );
  });

  it('creates anew what was deleted meanwhile', async () => {
    const one = await destroyed();
    const before = holdings(one);
    const at = { account: ACCOUNT, region: HOME };
    one.aws.secrets.call('DeleteSecret', { SecretId: KEY, ForceDeleteWithoutRecovery: true }, at);
    const ran = await one.run(DEPLOY);
    expect(outcomes(ran)).toEqual(['base.edge created Verify', 'base.home created Rows', 'base.worker created']);
    expect(describeSecret(one, KEY, HOME).ARN).not.toBe(before.key);
    expect([...one.aws.tables.table('acme-dev-rows').items.keys()]).toEqual(['s1']);
  });

  it('needs no allowed risk in a protected environment: what a new stack allows is new all over', async () => {
    const reader = `Resources:
  Reader:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Version: "2012-10-17"
        Statement:
          - {Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}
`;
    const other = await destroyed({ protected: true, extra: reader });
    const ran = await other.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([0, []]);
  });

  it('goes by the bucket where the template of the import is too large for a request', async () => {
    const large = `Resources:
  Long:
    Type: AWS::SecretsManager::Secret
    DeletionPolicy: Retain
    UpdateReplacePolicy: Retain
    Properties:
      Name: edgepass/acme/dev/long
      Description: ${'x'.repeat(52_000)}
      Tags:
        - {Key: edgepass:environment, Value: dev}
        - {Key: edgepass:project, Value: acme}
`;
    const other = await destroyed({ extra: large });
    const ran = await other.run(DEPLOY);
    expect([ran.code, outcomes(ran)[1]]).toEqual([0, 'base.home created Rows KeyRecord Long']);
    const [, home] = other.aws.calls.filter(
      ({ operation, input }) =>
        operation === 'CreateChangeSet' && (input as { ChangeSetType: string }).ChangeSetType === 'IMPORT',
    );
    expect(home?.input).toMatchObject({ TemplateURL: expect.stringContaining('base-home.template.yaml') });
  });

  it('deploys the reviewed plan only while the same things are there', async () => {
    const one = await destroyed();
    const plan = join(one.folder, 'plan.json');
    await writeFile(plan, (await one.run(PREVIEW)).stdout);
    const at = { account: ACCOUNT, region: HOME };
    one.aws.secrets.call('DeleteSecret', { SecretId: KEY, ForceDeleteWithoutRecovery: true }, at);
    const WITH_PLAN = ['deploy', '--env', 'dev', '--json', '--plan', 'plan.json'];
    expect(codes(await one.run(WITH_PLAN))).toEqual(['EP7303']);
    await writeFile(plan, (await one.run(PREVIEW)).stdout);
    expect((await one.run(WITH_PLAN)).code).toBe(0);
  });
});

/** Somebody imports a thing into a stack of their own. */
async function takenOver(
  one: Deployment,
  stack: string,
  { type, ...identifier }: Record<string, string>,
): Promise<void> {
  const body = template({ Thing: { Type: String(type), DeletionPolicy: 'Retain', Properties: {} } });
  const thing = { ResourceType: String(type), LogicalResourceId: 'Thing', ResourceIdentifier: identifier };
  const imports = { ChangeSetType: 'IMPORT' as const, ResourcesToImport: [thing] };
  const status = await driver(sdk(one).cloudFormation, stack).deploy(body, imports);
  if (status !== 'IMPORT_COMPLETE') throw new Error(status);
  one.aws.calls.length = 0;
}

describe('a name that something else has', () => {
  const at = { account: ACCOUNT, region: HOME };

  it('is not taken from somebody else: neither secret nor table is touched, and nothing is created', async () => {
    const one = await deployment({ kept: 'all' });
    one.aws.secrets.create({ ...at, name: KEY, tags: { ...OURS, 'edgepass:environment': 'prod' } });
    one.aws.tableNames.create({ ...at, name: 'acme-dev-rows' });
    const ran = await one.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7206', 'EP7206']]);
    const [table, secret] = result(ran).diagnostics;
    const file = 'out/dev/base-home.template.yaml';
    expect(secret).toMatchObject({ place: { file, line: await lineIn(one.folder, file, '  KeyRecord:') } });
    expect(secret?.message).toContain('edgepass:environment is "prod"');
    expect(table?.message).toContain('edgepass:project is missing, edgepass:environment is missing');
    expect(table?.hint).toContain(
      'aws dynamodb tag-resource --resource-arn arn:aws:dynamodb:eu-west-1:111111111111:table/acme-dev-rows --tags Key=edgepass:project,Value=acme Key=edgepass:environment,Value=dev --region eu-west-1',
    );
    expect(one.operations().filter((name) => /Create|Execute|Put|Delete/.test(name))).toEqual([]);
    const preview = await one.run(PREVIEW);
    expect([preview.code, previewed(preview)?.stacks[1]?.action]).toEqual([4, 'blocked']);
  });

  it('is taken up once its tags say whose it is', async () => {
    const one = await deployment({ kept: 'all' });
    const arn = one.aws.secrets.create({ ...at, name: KEY });
    expect(codes(await one.run(DEPLOY))).toEqual(['EP7206']);
    const Tags = Object.entries(OURS).map(([Key, Value]) => ({ Key, Value }));
    const address = { ...at, type: 'AWS::SecretsManager::Secret', physicalId: arn };
    one.aws.cloudformation(HOME).engine.world.update(address, { Name: KEY, Tags });
    expect(outcomes(await one.run(DEPLOY))[1]).toBe('base.home created KeyRecord');
  });

  it('stays with another stack that has it', async () => {
    const one = await destroyed();
    await takenOver(one, 'acme-dev-old', {
      type: 'AWS::SecretsManager::Secret',
      Id: describeSecret(one, KEY, HOME).ARN,
    });
    const ran = await one.run(DEPLOY);
    expect(codes(ran)).toEqual(['EP7206']);
    expect(result(ran).diagnostics[0]?.message).toContain('belongs to stack acme-dev-old');
    expect(types(one)).toEqual([]);
  });

  it('is refused by AWS where no tag tells that another stack has it', async () => {
    const one = await destroyed();
    await takenOver(one, 'theirs', { type: 'AWS::DynamoDB::Table', TableName: 'acme-dev-rows' });
    const ran = await one.run(DEPLOY);
    expect(codes(ran)).toEqual(['EP7201', 'EP7305']);
    expect(result(ran).diagnostics[0]?.message).toMatch(/acme-dev-rows already exists in stack .*stack\/theirs\//);
    expect(one.aws.cloudformation(HOME).get('theirs').resources.has('Thing')).toBe(true);
  });

  it('of a secret that is scheduled for deletion is named with what restores it', async () => {
    const one = await destroyed();
    const before = holdings(one);
    one.aws.secrets.call('DeleteSecret', { SecretId: KEY }, at);
    const ran = await one.run(DEPLOY);
    expect([ran.code, codes(ran)]).toEqual([4, ['EP7207']]);
    expect(result(ran).diagnostics[0]?.hint).toContain(
      `aws secretsmanager restore-secret --secret-id ${KEY} --region eu-west-1`,
    );
    one.aws.secrets.call('RestoreSecret', { SecretId: KEY }, at);
    expect(outcomes(await one.run(DEPLOY))[1]).toBe('base.home created Rows KeyRecord');
    expect(holdings(one)).toEqual(before);
  });

  it('of a table that is being deleted is waited for', async () => {
    const one = await destroyed();
    one.aws.tableNames.deleting.add('acme-dev-rows');
    const ran = await one.run(DEPLOY);
    expect([codes(ran), result(ran).diagnostics[0]?.message]).toEqual([
      ['EP7207'],
      'Table acme-dev-rows is being deleted, and Rows (base.home) has that name.',
    ]);
  });
});
