/** The life of a change set: README.md, rules C5 to C9. */
import {
  CreateChangeSetCommand,
  DeleteChangeSetCommand,
  DescribeChangeSetCommand,
  ExecuteChangeSetCommand,
  ListChangeSetsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Clients, clients } from './clients.ts';
import { driver, type StackDriver, template, topic } from './stack-driver.ts';
import { type Aws, startAws } from './start.ts';

let aws: Aws;
let sdk: Clients;
let stack: StackDriver;
beforeEach(async () => {
  aws = await startAws();
  sdk = clients(aws);
  stack = driver(sdk.cloudFormation, 'shop');
});
afterEach(() => aws.close());

const ONE = template({ News: topic('one') });
const TWO = template({ News: topic('two') });

describe('change sets', () => {
  it('C5: bring a stack into being that has nothing but a review', async () => {
    const planned = await stack.plan(ONE);
    expect([planned.Status, planned.ExecutionStatus]).toEqual(['CREATE_COMPLETE', 'AVAILABLE']);
    expect((await stack.stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
    await sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: planned.ChangeSetId }));
    expect((await stack.stack()).StackStatus).toBe('CREATE_COMPLETE');
    const after = await sdk.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: planned.ChangeSetId }));
    expect([after.Status, after.ExecutionStatus]).toEqual(['CREATE_COMPLETE', 'EXECUTE_COMPLETE']);
    const again = new CreateChangeSetCommand({
      StackName: 'shop',
      ChangeSetName: 'c',
      ChangeSetType: 'CREATE',
      TemplateBody: ONE,
    });
    await expect(sdk.cloudFormation.send(again)).rejects.toThrow(
      'Stack [shop] already exists and cannot be created again with the changeSet [c].',
    );
  });

  it('C5: can only update what is there', async () => {
    const send = sdk.cloudFormation.send(
      new CreateChangeSetCommand({ StackName: 'none', ChangeSetName: 'c', TemplateBody: ONE }),
    );
    await expect(send).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack [none] does not exist' });
    const gone = sdk.cloudFormation.send(new DescribeChangeSetCommand({ StackName: 'none', ChangeSetName: 'c' }));
    await expect(gone).rejects.toMatchObject({
      name: 'ChangeSetNotFoundException',
      message: 'ChangeSet [c] does not exist',
    });
  });

  it('C6: fail with the reason of AWS if nothing changes', async () => {
    await stack.deploy(ONE);
    const same = await stack.plan(ONE);
    expect([same.Status, same.ExecutionStatus]).toEqual(['FAILED', 'UNAVAILABLE']);
    expect(same.StatusReason).toMatch(/^The submitted information didn't contain changes\./);
    expect((await stack.plan(template({ News: topic('one') }, { Description: 'd' }))).StatusReason).toBe(
      'No updates are to be performed.',
    );
    const outputs = await stack.plan(template({ News: topic('one') }, { Outputs: { A: { Value: 'a' } } }));
    expect([outputs.Status, outputs.Changes ?? []]).toEqual(['CREATE_COMPLETE', []]);
    await expect(
      sdk.cloudFormation.send(new UpdateStackCommand({ StackName: 'shop', TemplateBody: ONE })),
    ).rejects.toThrow('No updates are to be performed.');
  });

  it('C7: cannot be executed before they are complete, nor twice', async () => {
    const { Id } = await sdk.cloudFormation.send(
      new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody: ONE }),
    );
    const execute = (token?: string) =>
      sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: Id, ClientRequestToken: token }));
    await expect(execute()).rejects.toMatchObject({
      name: 'InvalidChangeSetStatusException',
      message: `ChangeSet [${Id}] cannot be executed in its current status of [CREATE_PENDING]`,
    });
    await sdk.cloudFormation.send(new DescribeChangeSetCommand({ ChangeSetName: Id }));
    await execute('t1');
    await expect(execute('t1')).resolves.toBeDefined();
    await expect(execute('t2')).rejects.toThrow('execution status of [EXECUTE_IN_PROGRESS]');
  });

  it('C8: are obsolete once the stack is another one', async () => {
    await stack.deploy(ONE);
    const mine = await stack.plan(TWO);
    await sdk.cloudFormation.send(
      new UpdateStackCommand({ StackName: 'shop', TemplateBody: template({ News: topic('three') }) }),
    );
    await stack.stack();
    const execute = new ExecuteChangeSetCommand({ ChangeSetName: mine.ChangeSetId });
    await expect(sdk.cloudFormation.send(execute)).rejects.toThrow(
      `ChangeSet [${mine.ChangeSetId}] cannot be executed in its current execution status of [OBSOLETE]`,
    );
    expect(aws.cloudformation('eu-west-1').live('shop', 'News')).toEqual({ DisplayName: 'three' });
  });

  it('C8: are gone once another one was executed', async () => {
    await stack.deploy(ONE);
    const mine = await stack.plan(TWO);
    const { ChangeSetId } = await stack.plan(template({ News: topic('three') }));
    await sdk.cloudFormation.send(new ExecuteChangeSetCommand({ ChangeSetName: ChangeSetId }));
    const execute = new ExecuteChangeSetCommand({ ChangeSetName: mine.ChangeSetId });
    await expect(sdk.cloudFormation.send(execute)).rejects.toMatchObject({ name: 'InvalidChangeSetStatusException' });
    await stack.stack();
    await expect(sdk.cloudFormation.send(execute)).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });

  it('C9: are idempotent by content, listed, and deleted', async () => {
    const make = (TemplateBody: string) =>
      sdk.cloudFormation.send(
        new CreateChangeSetCommand({ StackName: 'shop', ChangeSetName: 'c', ChangeSetType: 'CREATE', TemplateBody }),
      );
    const { Id } = await make(ONE);
    expect((await make(ONE)).Id).toBe(Id);
    await expect(make(TWO)).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: 'ChangeSet c cannot be created due to a mismatch with existing attribute Template',
    });
    const list = async () =>
      (await sdk.cloudFormation.send(new ListChangeSetsCommand({ StackName: 'shop' }))).Summaries ?? [];
    expect((await list()).map(({ ChangeSetName }) => ChangeSetName)).toEqual(['c']);
    await sdk.cloudFormation.send(new DeleteChangeSetCommand({ StackName: 'shop', ChangeSetName: 'c' }));
    expect(await list()).toEqual([]);
    expect((await stack.stack()).StackStatus).toBe('REVIEW_IN_PROGRESS');
  });
});
