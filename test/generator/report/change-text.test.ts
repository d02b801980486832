import { describe, expect, it } from 'vitest';
import type { EnvironmentChange, StackChange } from '../../../generator/diff/change-report.ts';
import { printChanges } from '../../../generator/report/change-text.ts';
import { shortPair, shortValue } from '../../../generator/report/short-value.ts';

const STACK: StackChange = {
  id: 'toy.home',
  name: 'acme-dev-toy-home',
  region: 'eu-west-1',
  change: 'changed',
  resources: [
    { id: 'Gone', type: 'AWS::SNS::Topic', change: 'removed', properties: [] },
    { id: 'Kept', type: 'AWS::S3::Bucket', change: 'removed', retained: true, properties: [] },
    { id: 'New', type: 'AWS::SQS::Queue', change: 'added', properties: [] },
    {
      id: 'Table',
      type: 'AWS::DynamoDB::Table',
      change: 'replaced',
      retained: true,
      properties: [{ path: 'TableName', old: 'a', new: 'b', replaces: 'always' }],
    },
    {
      id: 'Rule',
      type: 'AWS::Events::Rule',
      change: 'maybe-replaced',
      properties: [
        { path: 'Name', new: 'n', replaces: 'maybe' },
        { path: 'State', old: 'ENABLED' },
      ],
    },
    ...['A', 'B'].map((id) => ({
      id,
      type: 'AWS::SNS::Topic',
      change: 'changed' as const,
      properties: [{ path: 'Tags[team].Value', old: 'a', new: 'b' }],
    })),
  ],
  parameters: [{ name: 'P', change: 'added', values: [] }],
  outputs: [{ name: 'O', change: 'changed', values: [{ path: 'Value', old: 1, new: { Ref: 'X' } }] }],
  permissions: [
    {
      change: 'changed',
      widens: true,
      effect: 'Allow',
      principals: 'AWS:${Role}',
      actions: ['s3:GetObject', 's3:PutObject'],
      resources: ['arn:aws:s3:::b/*'],
      addedActions: ['s3:PutObject'],
      condition: { Bool: { 'aws:SecureTransport': 'true' } },
    },
    { change: 'added', widens: true, effect: 'Managed policy', principals: 'Role', actions: [], resources: ['arn:p'] },
  ],
  others: [],
};

const ENVIRONMENT: EnvironmentChange = {
  name: 'dev',
  change: 'changed',
  values: [{ path: 'protected', old: false, new: true }],
  stacks: [STACK],
  functions: [
    {
      id: 'toy.check',
      kind: 'edge-function',
      change: 'changed',
      old: { sha256: 'a'.repeat(64), size: 5120 },
      new: { sha256: 'b'.repeat(64), size: 5120 },
      code: false,
      settings: [{ path: 'streams[live].max', old: 4, new: 2 }],
    },
  ],
  warnings: [{ kind: 'state-lost', message: 'Table (toy.home) holds state.' }],
};

describe('the terminal text of a comparison', () => {
  it('says that there are no changes', () => {
    expect(printChanges({ environments: [] }, { color: true })).toBe('No changes.\n');
  });

  it('shows everything that changed, each kind in its place', () => {
    expect(printChanges({ environments: [ENVIRONMENT] }, { color: false })).toBe(`dev
  protected: false → true
  ~ toy.home acme-dev-toy-home, eu-west-1
    − Gone AWS::SNS::Topic
    − Kept AWS::S3::Bucket stays in the account, outside the stack
    + New AWS::SQS::Queue
    ⚠ Table AWS::DynamoDB::Table is replaced; the old one stays in the account
        TableName: "a" → "b" (replaces)
    ~ Rule AWS::Events::Rule may be replaced
        Name: "n" added (may replace)
        State: "ENABLED" removed
    ~ tags only: A, B
    parameters
      + P
    outputs
      ~ O
          Value: 1 → {"Ref":"X"}
    🔑 permissions
      ~ Allow s3:GetObject, s3:PutObject on arn:aws:s3:::b/* for AWS:\${Role} if {"Bool":{"aws:SecureTransport":"true"}} (widened)
          + s3:PutObject
      + Managed policy on arn:p for Role
  functions
    ~ toy.check edge-function settings only  5,120 bytes  aaaaaaaaaaaa → bbbbbbbbbbbb
        streams[live].max: 4 → 2
  warning: Table (toy.home) holds state.
`);
  });

  it('uses color only when asked to', () => {
    expect(printChanges({ environments: [ENVIRONMENT] }, { color: true })).toContain('\u001b[');
  });

  it('lets no name move the cursor or begin a line', () => {
    const values = [{ path: 'Tags[a\n::error::b\u001b[2J]', old: 'x\ny', new: 'z' }];
    const text = printChanges(
      { environments: [{ ...ENVIRONMENT, values, stacks: [], functions: [], warnings: [] }] },
      { color: false },
    );
    expect(text).toBe('dev\n  Tags[a\ufffd::error::b\ufffd[2J]: "x\\ny" → "z"\n');
  });

  it('does not print endless lists', () => {
    const values = Array.from({ length: 100 }, (_item, index) => ({ path: `p${index}`, old: 0, new: 1 }));
    const text = printChanges(
      { environments: [{ ...ENVIRONMENT, values, stacks: [], functions: [], warnings: [] }] },
      { color: false },
    );
    expect(text.split('\n')).toHaveLength(23);
    expect(text).toContain('… and 80 more');
  });
});

describe('short values', () => {
  it('are cut', () => {
    expect(shortValue('x'.repeat(1000))).toBe(`"${'x'.repeat(71)}…`);
    expect(shortValue(undefined)).toBe('none');
  });

  it('show the part that differs', () => {
    const [old, fresh] = shortPair(
      `${'x'.repeat(500)}old${'y'.repeat(500)}`,
      `${'x'.repeat(500)}new${'y'.repeat(500)}`,
    );
    expect(old).toContain('xold');
    expect(fresh).toContain('xnew');
    expect(old.length).toBeLessThan(80);
  });

  it('keep control characters from the terminal', () => {
    expect(shortValue('\u001b[31m')).toBe('"\\u001b[31m"');
  });
});
