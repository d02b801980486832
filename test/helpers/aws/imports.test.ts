/** Importing what exists: README.md, rules M1 to M8, K1 and K2. */
import { DeleteStackCommand, DescribeStackEventsCommand, type ResourceToImport } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand, ListTagsOfResourceCommand } from '@aws-sdk/client-dynamodb';
import {
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  RestoreSecretCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { DEFAULT_ACCOUNT } from './services.ts';
import { driver, type Resources, type StackDriver, template, topic } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';

const kept = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
const secret = (Name: string, more: object = {}): Resources[string] => ({
  Type: 'AWS::SecretsManager::Secret',
  Properties: { Name, Description: 'd', ...more },
  ...kept,
});
const table = (TableName: string): Resources[string] => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName,
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
  ...kept,
});

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
const at = { account: DEFAULT_ACCOUNT, region: 'eu-west-1' };
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
});
afterEach(() => aws.close());

const importing = (...ResourcesToImport: ResourceToImport[]) => ({
  ChangeSetType: 'IMPORT' as const,
  ResourcesToImport,
});
const ofTable = (LogicalResourceId: string, TableName: string): ResourceToImport => ({
  ResourceType: 'AWS::DynamoDB::Table',
  LogicalResourceId,
  ResourceIdentifier: { TableName },
});
const ofSecret = (LogicalResourceId: string, Id: string): ResourceToImport => ({
  ResourceType: 'AWS::SecretsManager::Secret',
  LogicalResourceId,
  ResourceIdentifier: { Id },
});
const plan = (body: string, ...resources: ResourceToImport[]) => stack.plan(body, importing(...resources));

describe('importing', () => {
  it('M1: wants to know what, by the whole primary identifier', async () => {
    aws.tableNames.create({ ...at, name: 'rows' });
    const body = template({ Rows: table('rows') });
    await expect(plan(body)).rejects.toThrow('Must Provide at least one resource to import');
    await expect(plan(body, ofTable('Other', 'rows'))).rejects.toThrow('do not exist in the template');
    await expect(plan(body, { ...ofTable('Rows', 'rows'), ResourceIdentifier: { Name: 'rows' } })).rejects.toThrow(
      'Expected [TableName]',
    );
    await expect(plan(body, ofTable('Rows', 'others'))).rejects.toThrow('does not match the identifier value');
    await expect(plan(body, { ...ofSecret('Rows', 'x') })).rejects.toThrow('does not match with resource type');
    const create = stack.plan(body, { ChangeSetType: 'CREATE', ResourcesToImport: [ofTable('Rows', 'rows')] });
    await expect(create).rejects.toThrow('of type IMPORT');
  });

  it('M2: takes nothing else: no other resource, no output, no tag, no change', async () => {
    aws.tableNames.create({ ...at, name: 'rows' });
    const rows = ofTable('Rows', 'rows');
    const more = template({ Rows: table('rows'), News: topic('n') });
    await expect(plan(more, rows)).rejects.toThrow('Resources [News] is missing from ResourceToImport list');
    const outputs = template({ Rows: table('rows') }, { Outputs: { Name: { Value: 'x' } } });
    await expect(plan(outputs, rows)).rejects.toThrow('you cannot modify or add [Outputs]');
    const tagged = stack.plan(template({ Rows: table('rows') }), {
      ...importing(rows),
      Tags: [{ Key: 'a', Value: 'b' }],
    });
    await expect(tagged).rejects.toThrow('you cannot modify or add [Tags]');
    const fickle = template({ Rows: { ...table('rows'), DeletionPolicy: undefined } });
    await expect(plan(fickle, rows)).rejects.toThrow('must have DeletionPolicy');
    await stack.deploy(template({ News: topic('n') }));
    const other = template({ Rows: table('rows'), News: topic('other') });
    await expect(plan(other, rows)).rejects.toThrow('You have modified resources [News]');
    expect(await stack.deploy(more, importing(rows))).toBe('IMPORT_COMPLETE');
    await expect(plan(more, rows)).rejects.toThrow('are already in a stack');
  });

  it('M3: fails for what is not there, and for what another stack has', async () => {
    const body = template({ Rows: table('rows') });
    const missing = await plan(body, ofTable('Rows', 'rows'));
    expect([missing.Status, missing.StatusReason]).toEqual(['FAILED', 'Table: rows does not exist.']);
    const arn = 'arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/key-abcdef';
    const gone = await plan(template({ Key: secret('shop/key') }), ofSecret('Key', arn));
    expect(gone.StatusReason).toBe(
      `Resource of type 'AWS::SecretsManager::Secret' with identifier '${arn}' was not found.`,
    );
    await driver(sdk.cloudFormation, 'other').deploy(body);
    const owned = await plan(body, ofTable('Rows', 'rows'));
    expect(owned.StatusReason).toMatch(/^rows already exists in stack arn:aws:cloudformation:.*stack\/other\//);
  });

  it('M4: says what it would import, in a stack that begins with a review', async () => {
    const arn = aws.secrets.create({ ...at, name: 'shop/key' });
    const made = await plan(template({ Key: secret('shop/key') }), ofSecret('Key', arn));
    expect(made.Changes?.map(({ ResourceChange }) => ResourceChange)).toMatchObject([
      { Action: 'Import', LogicalResourceId: 'Key', PhysicalResourceId: arn },
    ]);
    expect(made.Status).toBe('CREATE_COMPLETE');
    expect((await stack.stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
  });

  it('M5: leaves everything as it is but the tags of CloudFormation, and compares nothing', async () => {
    const arn = aws.secrets.create({ ...at, name: 'shop/key', tags: { own: 'yes' } });
    aws.secrets.values.edit(arn, 'precious');
    aws.tableNames.create({ ...at, name: 'rows' });
    const body = template({ Key: secret('shop/key', { GenerateSecretString: {} }), Rows: table('rows') });
    expect(await stack.deploy(body, importing(ofSecret('Key', arn), ofTable('Rows', 'rows')))).toBe('IMPORT_COMPLETE');
    expect(await stack.events()).toEqual([
      'shop REVIEW_IN_PROGRESS',
      'shop IMPORT_IN_PROGRESS',
      'Key IMPORT_IN_PROGRESS',
      'Key IMPORT_COMPLETE',
      'Rows IMPORT_IN_PROGRESS',
      'Rows IMPORT_COMPLETE',
      'Key UPDATE_IN_PROGRESS',
      'Key UPDATE_COMPLETE',
      'Rows UPDATE_IN_PROGRESS',
      'Rows UPDATE_COMPLETE',
      'shop IMPORT_COMPLETE',
    ]);
    const value = await sdk.secrets.send(new GetSecretValueCommand({ SecretId: 'shop/key' }));
    expect(value.SecretString).toBe('precious');
    const { Tags = [], Description } = await sdk.secrets.send(new DescribeSecretCommand({ SecretId: arn }));
    expect(Tags.map(({ Key }) => Key)).toEqual([
      'own',
      'aws:cloudformation:stack-name',
      'aws:cloudformation:stack-id',
      'aws:cloudformation:logical-id',
    ]);
    expect(Description).toBeUndefined();
    const TableArn = (await sdk.dynamoDb.send(new DescribeTableCommand({ TableName: 'rows' }))).Table?.TableArn;
    const tags = await sdk.dynamoDb.send(new ListTagsOfResourceCommand({ ResourceArn: TableArn }));
    expect(tags.Tags).toEqual([]);
  });

  it('M6: is undone where it fails, and the things stay outside of the stack', async () => {
    aws.tableNames.create({ ...at, name: 'rows' });
    const rows = ofTable('Rows', 'rows');
    const cf = aws.cloudformation('eu-west-1');
    cf.failNext({ stack: 'shop', resource: 'Rows', phase: 'import', reason: 'because' });
    expect(await stack.deploy(template({ Rows: table('rows') }), importing(rows))).toBe('ROLLBACK_COMPLETE');
    const { StackEvents = [] } = await sdk.cloudFormation.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
    expect(StackEvents.find(({ ResourceStatus }) => ResourceStatus === 'IMPORT_FAILED')?.ResourceStatusReason).toBe(
      'because',
    );
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }));
    await stack.stack().catch(() => undefined);
    await stack.deploy(template({ News: topic('n') }));
    const both = template({ News: topic('n'), Rows: table('rows') });
    cf.failNext({ stack: 'shop', resource: 'Rows', phase: 'update', reason: 'because' });
    expect(await stack.deploy(both, importing(rows))).toBe('IMPORT_ROLLBACK_COMPLETE');
    expect(aws.cloudformation('eu-west-1').get('shop').resources.has('Rows')).toBe(false);
    expect(await stack.deploy(both, importing(rows))).toBe('IMPORT_COMPLETE');
    expect(await stack.deploy(template({ News: topic('m'), Rows: table('rows') }))).toBe('UPDATE_COMPLETE');
  });

  it('M7: what a stack keeps is still tagged with it, and another stack can have it', async () => {
    const body = template({ Key: secret('shop/key', { GenerateSecretString: {} }) });
    await stack.deploy(body);
    const before = await sdk.secrets.send(new GetSecretValueCommand({ SecretId: 'shop/key' }));
    const { StackId } = await stack.stack();
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'shop' }));
    await stack.stack().catch(() => undefined);
    const { ARN = '', Tags = [] } = await sdk.secrets.send(new DescribeSecretCommand({ SecretId: 'shop/key' }));
    expect(Tags.find(({ Key }) => Key === 'aws:cloudformation:stack-id')?.Value).toBe(StackId);
    const again = driver(sdk.cloudFormation, 'again');
    expect(await again.deploy(body)).toBe('ROLLBACK_COMPLETE');
    await sdk.cloudFormation.send(new DeleteStackCommand({ StackName: 'again' }));
    await again.stack().catch(() => undefined);
    expect(await again.deploy(body, importing(ofSecret('Key', ARN)))).toBe('IMPORT_COMPLETE');
    const after = await sdk.secrets.send(new GetSecretValueCommand({ SecretId: 'shop/key' }));
    expect(after.VersionId).toBe(before.VersionId);
    // Stating the property where it was not stated is a change of it.
    expect(
      await again.deploy(template({ Key: secret('shop/key', { GenerateSecretString: { PasswordLength: 9 } }) })),
    ).toBe('UPDATE_COMPLETE');
    const changed = await sdk.secrets.send(new GetSecretValueCommand({ SecretId: 'shop/key' }));
    expect(changed.VersionId).not.toBe(before.VersionId);
  });

  it('M8: a secret that is scheduled for deletion keeps its name, and can be restored', async () => {
    aws.secrets.create({ ...at, name: 'shop/key' });
    await sdk.secrets.send(new DeleteSecretCommand({ SecretId: 'shop/key' }));
    expect((await sdk.secrets.send(new DescribeSecretCommand({ SecretId: 'shop/key' }))).DeletedDate).toBeInstanceOf(
      Date,
    );
    await expect(sdk.secrets.send(new GetSecretValueCommand({ SecretId: 'shop/key' }))).rejects.toThrow(
      'marked for deletion',
    );
    expect(await stack.deploy(template({ Key: secret('shop/key') }))).toBe('ROLLBACK_COMPLETE');
    await sdk.secrets.send(new RestoreSecretCommand({ SecretId: 'shop/key' }));
    expect((await sdk.secrets.send(new DescribeSecretCommand({ SecretId: 'shop/key' }))).DeletedDate).toBeUndefined();
    await sdk.secrets.send(new DeleteSecretCommand({ SecretId: 'shop/key', ForceDeleteWithoutRecovery: true }));
    await expect(sdk.secrets.send(new DescribeSecretCommand({ SecretId: 'shop/key' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
