/** Rules of importing (M1 to M7 of `test/helpers/aws/README.md`), asked of both AWSs. */
import { DeleteStackCommand, type ResourceToImport, type Stack } from '@aws-sdk/client-cloudformation';
import { expect } from 'vitest';
import { driver, type Resources, type StackDriver, template } from '../helpers/aws/stack-driver.ts';
import { HOME } from '../helpers/deployment.ts';
import type { Rule } from './rules.ts';
import type { Ground } from './scenarios.ts';

const KEPT = { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' };
const table: Resources[string] = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    TableName: 'rows',
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
  },
  ...KEPT,
};
const secret: Resources[string] = { Type: 'AWS::SecretsManager::Secret', Properties: { Name: 'shop/key' }, ...KEPT };
const topic: Resources[string] = { Type: 'AWS::SNS::Topic' };

const importing = (LogicalResourceId: string, ResourceType: string, ResourceIdentifier: Record<string, string>) => ({
  ChangeSetType: 'IMPORT' as const,
  ResourcesToImport: [{ ResourceType, LogicalResourceId, ResourceIdentifier } satisfies ResourceToImport],
});
const ROWS = importing('Rows', 'AWS::DynamoDB::Table', { TableName: 'rows' });

/** Makes a resource by a stack that is deleted and keeps it. Gives its physical id. */
async function left(ground: Ground, resource: Resources[string]): Promise<string> {
  const before = driver(ground.cloudFormation(HOME), 'before');
  const outputs = { Outputs: { Id: { Value: { Ref: 'Thing' } } } };
  await before.deploy(template({ Thing: resource }, outputs));
  const { StackId = '', Outputs = [] }: Stack = await before.stack();
  await ground.cloudFormation(HOME).send(new DeleteStackCommand({ StackName: 'before' }));
  await expect.poll(async () => (await before.stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
  return Outputs[0]?.OutputValue ?? '';
}

const refused = (shop: StackDriver, body: string, more: object): Promise<unknown> => shop.plan(body, more);

export const IMPORT_RULES: readonly Rule[] = [
  {
    name: 'M2: an import takes nothing else with it',
    async check(ground, shop) {
      await left(ground, table);
      const more = refused(shop, template({ Rows: table, News: topic }), ROWS);
      await expect(more).rejects.toThrow('Resources [News] is missing from ResourceToImport list');
      const outputs = refused(shop, template({ Rows: table }, { Outputs: { Name: { Value: 'x' } } }), ROWS);
      await expect(outputs).rejects.toThrow('As part of the import operation, you cannot modify or add [Outputs]');
      const tags = refused(shop, template({ Rows: table }), { ...ROWS, Tags: [{ Key: 'a', Value: 'b' }] });
      await expect(tags).rejects.toThrow('As part of the import operation, you cannot modify or add [Tags]');
      const fickle = refused(shop, template({ Rows: { ...table, DeletionPolicy: undefined } }), ROWS);
      await expect(fickle).rejects.toThrow('must have DeletionPolicy attribute');
    },
  },
  {
    name: 'M3: an import of what is not there, or is in a stack, fails',
    async check(ground, shop) {
      const missing = await shop.plan(template({ Rows: table }), ROWS);
      expect([missing.Status, missing.StatusReason]).toEqual(['FAILED', 'Table: rows does not exist.']);
      await driver(ground.cloudFormation(HOME), 'owner').deploy(template({ Thing: table }));
      const owned = await shop.plan(template({ Rows: table }), ROWS);
      expect([owned.Status, owned.StatusReason]).toEqual([
        'FAILED',
        expect.stringContaining('already exists in stack'),
      ]);
    },
  },
  {
    name: 'M5: an import leaves what it takes as it is, and can be updated then',
    async check(ground, shop) {
      await left(ground, table);
      expect(await shop.deploy(template({ Rows: table }), ROWS)).toBe('IMPORT_COMPLETE');
      const events = await shop.events();
      expect(events.filter((event) => event.startsWith('Rows '))).toEqual(
        expect.arrayContaining([
          'Rows IMPORT_IN_PROGRESS',
          'Rows IMPORT_COMPLETE',
          'Rows UPDATE_IN_PROGRESS',
          'Rows UPDATE_COMPLETE',
        ]),
      );
      expect(events.at(-1)).toBe('shop IMPORT_COMPLETE');
      expect(await shop.deploy(template({ Rows: table, News: topic }))).toBe('UPDATE_COMPLETE');
    },
  },
  {
    name: 'M5: a secret is imported by its ARN',
    differs: true,
    async check(ground, shop) {
      const physicalId = await left(ground, secret);
      const imports = importing('Key', 'AWS::SecretsManager::Secret', { Id: physicalId });
      expect(await shop.deploy(template({ Key: secret }), imports)).toBe('IMPORT_COMPLETE');
    },
  },
];
