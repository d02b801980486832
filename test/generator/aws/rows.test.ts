/** The pure parts: reading a change set, joining, ordering, events, ownership, places. */
import type { Change, StackEvent } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { changeSetRows, dotted } from '../../../generator/aws/change-rows.ts';
import { faultOf, harmless } from '../../../generator/aws/faults.ts';
import { joinRows } from '../../../generator/aws/join-rows.ts';
import { reversed, runInOrder } from '../../../generator/aws/order.ts';
import { isOwned } from '../../../generator/aws/owned.ts';
import { finalStatus, firstFailure, operationEvents } from '../../../generator/aws/stack-events.ts';
import { lineOf } from '../../../generator/aws/template-place.ts';
import { frame } from '../../../generator/report/progress-frame.ts';

const facts = { stack: { runtimeOwned: [] }, stateful: new Set<string>(), placeOf: () => undefined };

const modify = (Replacement: 'True' | 'False' | 'Conditional', id = 'Table'): Change => ({
  ResourceChange: {
    Action: 'Modify',
    LogicalResourceId: id,
    ResourceType: 'AWS::DynamoDB::Table',
    Replacement,
    Details: [
      {
        Evaluation: 'Static',
        Target: {
          Attribute: 'Properties',
          Name: 'KeySchema',
          Path: '/Properties/KeySchema/0/KeyType',
          BeforeValue: 'HASH',
          AfterValue: '["x"]',
          RequiresRecreation: 'Always',
        },
      },
    ],
  },
});

describe('changeSetRows', () => {
  it('reads actions, replacement and values', () => {
    expect(
      changeSetRows([modify('True'), modify('Conditional', 'Other'), modify('False', 'Third')]).map(
        ({ action }) => action,
      ),
    ).toEqual(['replace', 'maybe-replace', 'modify']);
    expect(changeSetRows([modify('True')])[0]?.properties).toEqual([
      { path: 'KeySchema[0].KeyType', before: 'HASH', after: ['x'], replaces: 'always', in: 'change-set' },
    ]);
    const plain = (Action: 'Add' | 'Remove' | 'SyncWithActual' | 'Dynamic' | 'Import'): Change => ({
      ResourceChange: { Action, LogicalResourceId: 'A', PolicyAction: 'Retain' },
    });
    const rows = changeSetRows([
      plain('Add'),
      plain('Remove'),
      plain('SyncWithActual'),
      plain('Dynamic'),
      plain('Import'),
    ]);
    expect(rows.map(({ action }) => action)).toEqual(['add', 'remove', 'sync', 'maybe-replace', 'import']);
    expect(rows[1]?.retained).toBe(true);
  });

  it('reads pointers', () => {
    expect(dotted('/Properties/Tags/0/Value')).toBe('Tags[0].Value');
    expect(dotted('/Properties/a~1b/c~0d')).toBe('a/b.c~d');
    expect(dotted('/DeletionPolicy')).toBe('DeletionPolicy');
  });
});

describe('joinRows', () => {
  it('marks what only one of them sees, and believes AWS about replacing', () => {
    const rows = joinRows(
      {
        changeSet: changeSetRows([modify('False'), modify('False', 'OnlyAws')]),
        template: [
          {
            id: 'Table',
            type: 'T',
            change: 'replaced',
            properties: [
              { path: 'KeySchema[x]', new: 1 },
              { path: 'Billing', new: 2 },
            ],
          },
          { id: 'OnlyTemplate', type: 'T', change: 'changed', properties: [] },
        ],
      },
      facts,
    );
    expect(rows.map(({ id, in: seen, action, templateSays }) => [id, seen, action, templateSays])).toEqual([
      ['Table', 'both', 'modify', 'replace'],
      ['OnlyTemplate', 'template', 'modify', undefined],
      ['OnlyAws', 'change-set', 'modify', undefined],
    ]);
    expect(rows[0]?.properties.map(({ path, in: seen }) => [path, seen])).toEqual([
      ['KeySchema[x]', 'both'],
      ['Billing', 'template'],
    ]);
  });
});

describe('runInOrder', () => {
  const stacks = [
    { id: 'a', dependsOn: [] },
    { id: 'b', dependsOn: [] },
    { id: 'c', dependsOn: ['a', 'b'] },
  ];

  it('runs independent ones at the same time, dependent ones behind', async () => {
    const log: string[] = [];
    await runInOrder(stacks, async ({ id }) => {
      log.push(`+${id}`);
      await new Promise((resolve) => setTimeout(resolve, 5));
      log.push(`-${id}`);
    });
    expect(log).toEqual(['+a', '+b', '-a', '-b', '+c', '-c']);
  });

  it('lets what runs finish after a failure, and starts nothing', async () => {
    const ran = await runInOrder(stacks, async ({ id }) => {
      if (id === 'a') throw new Error('no');
      await new Promise((resolve) => setTimeout(resolve, 5));
    });
    expect([...ran].map(([id, { state }]) => [id, state])).toEqual([
      ['a', 'failed'],
      ['b', 'done'],
      ['c', 'not-started'],
    ]);
  });

  it('turns round', () => {
    expect(reversed(stacks).map(({ id, dependsOn }) => [id, dependsOn])).toEqual([
      ['c', []],
      ['b', ['c']],
      ['a', ['c']],
    ]);
  });
});

describe('stack events', () => {
  const event = (resource: string, status: string, more: Partial<StackEvent> = {}): StackEvent => ({
    StackId: 'arn:stack',
    EventId: `${resource}${status}`,
    StackName: 'stack',
    Timestamp: new Date(0),
    LogicalResourceId: resource,
    PhysicalResourceId: resource === 'stack' ? 'arn:stack' : resource,
    ResourceType: resource === 'stack' ? 'AWS::CloudFormation::Stack' : 'AWS::SNS::Topic',
    ResourceStatus: status as NonNullable<StackEvent['ResourceStatus']>,
    ...more,
  });

  it('tells the latest operation from earlier ones', () => {
    const newestFirst = [
      event('A', 'UPDATE_IN_PROGRESS'),
      event('stack', 'UPDATE_IN_PROGRESS'),
      event('stack', 'CREATE_COMPLETE'),
      event('stack', 'CREATE_IN_PROGRESS'),
    ];
    const found = operationEvents(newestFirst);
    expect(found.map(({ EventId }) => EventId)).toEqual(['stackUPDATE_IN_PROGRESS', 'AUPDATE_IN_PROGRESS']);
    expect(finalStatus(found)).toBeUndefined();
    expect(finalStatus(operationEvents(newestFirst.slice(2)))).toBe('CREATE_COMPLETE');
  });

  it('does not end before the cleanup does', () => {
    expect(finalStatus([event('stack', 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')])).toBeUndefined();
  });

  it('names the cause and not its consequences', () => {
    const events = [
      event('B', 'CREATE_FAILED', { ResourceStatusReason: 'Resource creation cancelled' }),
      event('A', 'CREATE_FAILED', { ResourceStatusReason: 'Quota exceeded' }),
      event('stack', 'ROLLBACK_IN_PROGRESS', { ResourceStatusReason: 'failed to create: [A, B]' }),
    ];
    expect(firstFailure(events)).toMatchObject({ resource: 'A', reason: 'Quota exceeded' });
  });
});

describe('ownership', () => {
  const owned = [{ resource: 'R', property: 'Properties.Rules', because: 'x' }];

  it.each([
    ['Rules', true],
    ['Rules[0].Name', true],
    ['RulesOther', false],
    ['Description', false],
  ])('of %s is %s', (path, expected) => {
    expect(isOwned(owned, { resource: 'R', path })).toBe(expected);
    expect(isOwned(owned, { resource: 'S', path })).toBe(false);
  });

  it('covers a parent that is replaced as a whole, and a whole resource', () => {
    expect(
      isOwned([{ ...owned[0], property: 'Properties.A.B' } as (typeof owned)[0]], { resource: 'R', path: 'A' }),
    ).toBe(true);
    expect(isOwned([{ ...owned[0], property: '*' } as (typeof owned)[0]], { resource: 'R', path: 'Any' })).toBe(true);
  });
});

describe('lineOf', () => {
  it('finds the resource, not a parameter or an output of its name', () => {
    const text =
      'Parameters:\n  A:\n    Type: String\nResources:\n  B:\n    Type: X\n  "A":\n    Type: Y\nOutputs:\n  A:\n';
    expect([lineOf(text, 'A'), lineOf(text, 'A', 'Outputs'), lineOf(text, 'C')]).toEqual([7, 10, undefined]);
  });
});

describe('faults', () => {
  const sdk = (name: string, message: string, status = 400): Error =>
    Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

  it('never repeat what may hold a secret', () => {
    const token = 'FwoGZXIvYXdzE'.repeat(20);
    const fault = faultOf(sdk('SignatureDoesNotMatch', `x-amz-security-token:${token}`, 403));
    expect(fault).toMatchObject({ code: 'EP7012' });
    expect(JSON.stringify(fault)).not.toContain('FwoG');
    expect(harmless(`key AKIAIOSFODNN7EXAMPLE and ${token}`)).toBe('key AKIA… and …');
  });

  it.each([
    ['CredentialsProviderError', 'EP7011'],
    ['ExpiredToken', 'EP7012'],
    ['ThrottlingException', 'EP7015'],
    ['OptInRequired', 'EP7017'],
    ['Whatever', 'EP7018'],
  ])('%s is %s', (name, code) => {
    expect(faultOf(sdk(name, 'words'))?.code).toBe(code);
  });

  it('are none of our own mistakes', () => {
    expect(faultOf(new TypeError('x is not a function'))).toBeUndefined();
  });
});

describe('the live display', () => {
  it('shows what is being made, never wider than the terminal', () => {
    const step = {
      resource: 'Distribution',
      type: 'AWS::CloudFront::Distribution',
      status: 'CREATE_IN_PROGRESS',
      at: new Date(0),
    };
    const lines = frame(
      [
        {
          id: 'base.edge',
          phase: 'changing',
          note: 'creating',
          since: new Date(0),
          steps: new Map([['Distribution', step]]),
        },
        { id: 'base.home', phase: 'waiting', steps: new Map() },
      ],
      { now: new Date(65_000), columns: 50, color: false },
    );
    expect(lines).toEqual([
      '▸ base.edge  1:05  creating  0/1',
      '    CREATE_IN_PROGRESS  Distribution AWS::CloudF…',
      '· base.home        waiting',
    ]);
  });
});
