/**
 * Rules of `test/helpers/aws/README.md` that deployment relies on, asked of both AWSs. Where the emulator is known not to
 * keep one, the test says so and fails as soon as it does: then it belongs out of the table in `emulator-profile.ts`.
 */
import {
  CreateChangeSetCommand,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  ExecuteChangeSetCommand,
  UpdateStackCommand,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, it } from 'vitest';
import { driver, type StackDriver, template } from '../helpers/aws/stack-driver.ts';
import { EDGE, HOME } from '../helpers/deployment.ts';
import { IMPORT_RULES } from './import-rules.ts';
import type { Ground } from './scenarios.ts';

export interface Rule {
  name: string;
  /** The emulator does not keep it. */
  differs?: true;
  check(ground: Ground, shop: StackDriver): Promise<void>;
}

const topic = (DisplayName: string, more: object = {}) => ({
  Type: 'AWS::SNS::Topic',
  Properties: { DisplayName },
  ...more,
});
const table = (key: string) => ({
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    BillingMode: 'PAY_PER_REQUEST',
    AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }],
    KeySchema: [{ AttributeName: key, KeyType: 'HASH' }],
  },
});
const ONE = template({ News: topic('one') });
const TWO = template({ News: topic('two') });

const RULES: readonly Rule[] = [
  {
    name: 'C5: a stack comes into being with a review, and is created once',
    async check(ground, shop) {
      const { Status, ExecutionStatus } = await shop.plan(ONE);
      expect([Status, ExecutionStatus]).toEqual(['CREATE_COMPLETE', 'AVAILABLE']);
      expect((await shop.stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
      expect(await shop.deploy(ONE)).toBe('CREATE_COMPLETE');
      const again = { StackName: 'shop', ChangeSetName: 'c', ChangeSetType: 'CREATE' as const, TemplateBody: ONE };
      await expect(ground.cloudFormation(HOME).send(new CreateChangeSetCommand(again))).rejects.toThrow(
        'Stack [shop] already exists',
      );
    },
  },
  {
    name: 'C6: a change set without changes fails, and says so',
    async check(_ground, shop) {
      await shop.deploy(ONE);
      const { Status, ExecutionStatus, StatusReason } = await shop.plan(ONE);
      expect([Status, ExecutionStatus]).toEqual(['FAILED', 'UNAVAILABLE']);
      expect(StatusReason).toMatch(/^The submitted information didn't contain changes|^No updates are to be performed/);
    },
  },
  {
    name: 'C7: a change set is executed once',
    async check(ground, shop) {
      const { ChangeSetId } = await shop.plan(ONE);
      const execute = () =>
        ground.cloudFormation(HOME).send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
      await execute();
      await expect(execute()).rejects.toThrow();
    },
  },
  {
    name: 'C8: a change set made before another change is not executed',
    async check(ground, shop) {
      await shop.deploy(ONE);
      const { ChangeSetId } = await shop.plan(TWO);
      await shop.deploy(template({ News: topic('three') }));
      const late = new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId });
      await expect(ground.cloudFormation(HOME).send(late)).rejects.toThrow();
    },
  },
  {
    name: 'C10: stacks belong to their Region',
    async check(ground, shop) {
      await shop.deploy(ONE);
      await expect(driver(ground.cloudFormation(EDGE), 'shop').stack()).rejects.toThrow(
        'Stack with id shop does not exist',
      );
    },
  },
  {
    name: 'C12: a deleted stack is found by its ARN, and deleting nothing is no error',
    async check(ground, shop) {
      await shop.deploy(ONE);
      const { StackId = '' } = await shop.stack();
      const client = ground.cloudFormation(HOME);
      await client.send(new DeleteStackCommand({ StackName: 'shop' }));
      await expect.poll(async () => (await shop.stack(StackId)).StackStatus).toBe('DELETE_COMPLETE');
      await expect(shop.stack()).rejects.toThrow('does not exist');
      await client.send(new DeleteStackCommand({ StackName: 'shop' }));
    },
  },
  {
    name: 'C13: termination protection refuses deletion',
    async check(ground, shop) {
      await shop.deploy(ONE);
      const client = ground.cloudFormation(HOME);
      await client.send(
        new UpdateTerminationProtectionCommand({ StackName: 'shop', EnableTerminationProtection: true }),
      );
      await expect(client.send(new DeleteStackCommand({ StackName: 'shop' }))).rejects.toThrow(
        'cannot be deleted while TerminationProtection is enabled',
      );
      expect((await shop.stack()).EnableTerminationProtection).toBe(true);
    },
  },
  {
    name: 'C4: IAM resources want a capability',
    differs: true,
    async check(ground) {
      const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: {} } };
      const create = new CreateStackCommand({ StackName: 'roles', TemplateBody: template({ Role: role }) });
      await expect(ground.cloudFormation(HOME).send(create)).rejects.toThrow('CAPABILITY_IAM');
    },
  },
  {
    name: 'E1: events of an operation carry its token',
    async check(ground, shop) {
      const { ChangeSetId } = await shop.plan(ONE);
      const client = ground.cloudFormation(HOME);
      await client.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId, ClientRequestToken: 'ours' }));
      await expect.poll(async () => (await shop.stack()).StackStatus).toBe('CREATE_COMPLETE');
      const { StackEvents = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
      const ours = StackEvents.filter(({ ClientRequestToken }) => ClientRequestToken === 'ours');
      const seen = ours.map(({ LogicalResourceId, ResourceStatus }) => `${LogicalResourceId} ${ResourceStatus}`);
      expect(new Set(seen)).toEqual(
        new Set(['shop CREATE_IN_PROGRESS', 'News CREATE_IN_PROGRESS', 'News CREATE_COMPLETE', 'shop CREATE_COMPLETE']),
      );
    },
  },
  {
    name: 'E1: an update tells of what changes, and of nothing else',
    differs: true,
    async check(_ground, shop) {
      await shop.deploy(template({ News: topic('one'), Same: topic('same') }));
      await shop.events();
      await shop.deploy(template({ News: topic('two'), Same: topic('same') }));
      expect((await shop.events()).filter((event) => event.startsWith('Same '))).toEqual([]);
    },
  },
  {
    name: 'P2: a change set shows the path of a change, with both values',
    differs: true,
    async check(_ground, shop) {
      await shop.deploy(ONE);
      expect(await shop.changes(TWO)).toMatchObject({
        News: {
          Action: 'Modify',
          Replacement: 'False',
          Details: [
            {
              Target: {
                Path: '/Properties/DisplayName',
                BeforeValue: 'one',
                AfterValue: 'two',
                RequiresRecreation: 'Never',
              },
            },
          ],
        },
      });
    },
  },
  {
    name: 'P3: a change set shows that a table is replaced',
    differs: true,
    async check(_ground, shop) {
      await shop.deploy(template({ Table: table('a') }));
      expect(await shop.changes(template({ Table: table('b') }))).toMatchObject({ Table: { Replacement: 'True' } });
    },
  },
  {
    name: 'P8: a resource does not change its type',
    differs: true,
    async check(_ground, shop) {
      await shop.deploy(ONE);
      await expect(shop.plan(template({ News: table('a') }))).rejects.toThrow();
    },
  },
  {
    name: 'UpdateStack without changes is refused',
    async check(ground, shop) {
      await shop.deploy(ONE);
      const same = new UpdateStackCommand({ StackName: 'shop', TemplateBody: ONE });
      await expect(ground.cloudFormation(HOME).send(same)).rejects.toThrow('No updates are to be performed.');
    },
  },
  {
    name: 'S3: objects are written, replaced and deleted only under their condition',
    async check(ground) {
      const s3 = ground.s3(HOME);
      const at = { Bucket: `edgepass-artifacts-${ground.account}-${HOME}`, Key: 'lock' };
      const { ETag } = await s3.send(new PutObjectCommand({ ...at, Body: 'one', IfNoneMatch: '*' }));
      const again = s3.send(new PutObjectCommand({ ...at, Body: 'two', IfNoneMatch: '*' }));
      await expect(again).rejects.toMatchObject({ name: 'PreconditionFailed' });
      await s3.send(new PutObjectCommand({ ...at, Body: 'two', IfMatch: ETag }));
      const stale = s3.send(new PutObjectCommand({ ...at, Body: 'three', IfMatch: ETag }));
      await expect(stale).rejects.toMatchObject({ name: 'PreconditionFailed' });
      await expect(s3.send(new DeleteObjectCommand({ ...at, IfMatch: ETag }))).rejects.toMatchObject({
        name: 'PreconditionFailed',
      });
      const { Body } = await s3.send(new GetObjectCommand(at));
      expect(await Body?.transformToString()).toBe('two');
    },
  },
];

export function rules(open: () => Promise<Ground>, { emulated }: { emulated: boolean }): void {
  for (const { name, differs, check } of [...RULES, ...IMPORT_RULES]) {
    const test = emulated && differs ? it.fails : it;
    test(name, async () => {
      const ground = await open();
      await check(ground, driver(ground.cloudFormation(HOME), 'shop'));
    });
  }
}
