import { describe, expect, it } from 'vitest';
import type { StackChange } from '../../../generator/diff/change-report.ts';
import { compare } from '../../../generator/diff/compare.ts';
import type { Side } from '../../../generator/diff/side.ts';
import type { ManifestStack } from '../../../generator/output/manifest.ts';
import { outputTreeOf, type TreeParts } from '../../helpers/output-tree.ts';

const side = (parts: TreeParts): Side => ({ tree: outputTreeOf(parts) });
const resources = (yaml: string): string => `Resources:\n${yaml.replace(/^/gm, '  ')}\n`;

const TABLE = `Table:
  Type: AWS::DynamoDB::Table
  DeletionPolicy: Retain
  UpdateReplacePolicy: Retain
  Properties:
    TableName: sessions
    BillingMode: PAY_PER_REQUEST
    KeySchema: [{AttributeName: id, KeyType: HASH}]
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}]`;

/** The only changed stack of two states of one stack. */
async function stackOf(
  old: string,
  fresh: string,
  rest: Partial<ManifestStack> = {},
): Promise<StackChange | undefined> {
  const of = (template: string): Side => side({ stacks: { 'toy.home': { ...rest, template } } });
  const { environments } = await compare([of(old)], [of(fresh)]);
  return environments[0]?.stacks[0];
}

describe('environments and stacks', () => {
  const one = side({ stacks: { 'toy.home': { template: resources(TABLE) } } });

  it('says nothing about equal outputs', async () => {
    expect(await compare([one], [one])).toEqual({ environments: [] });
  });

  it('does not take another order of members for a change', async () => {
    const shuffled = resources(
      TABLE.replace(
        'TableName: sessions\n    BillingMode: PAY_PER_REQUEST',
        'BillingMode: PAY_PER_REQUEST\n    TableName: sessions',
      ),
    );
    expect(shuffled).not.toBe(resources(TABLE));
    expect(await stackOf(resources(TABLE), shuffled)).toBeUndefined();
  });

  it('reports added and removed environments with their stacks', async () => {
    const prod = side({ environment: 'prod', stacks: { 'toy.home': { template: resources(TABLE) } } });
    const { environments } = await compare([one], [prod]);
    expect(environments.map(({ name, change, stacks }) => [name, change, stacks.map((s) => s.change)])).toEqual([
      ['prod', 'added', ['added']],
      ['dev', 'removed', ['removed']],
    ]);
  });

  it('reports added and removed stacks with their resources', async () => {
    const other = side({ stacks: { 'toy.edge': { template: resources(TABLE) } } });
    const { environments } = await compare([one], [other]);
    expect(
      environments[0]?.stacks.map(({ id, change, resources: all }) => [
        id,
        change,
        all.map((r) => `${r.change} ${r.id}`),
      ]),
    ).toEqual([
      ['toy.edge', 'added', ['added Table']],
      ['toy.home', 'removed', ['removed Table']],
    ]);
  });

  it('reports what holds for the environment as a whole', async () => {
    const moved = side({
      manifest: { account: '222222222222', protected: true },
      stacks: { 'toy.home': { template: resources(TABLE) } },
    });
    const { environments } = await compare([one], [moved]);
    expect(environments[0]?.values).toEqual([
      { path: 'account', old: '111111111111', new: '222222222222' },
      { path: 'protected', old: false, new: true },
    ]);
  });

  it('warns when an environment moves to another account', async () => {
    const moved = side({
      manifest: { account: '222222222222' },
      stacks: { 'toy.home': { template: resources(TABLE) } },
    });
    const { environments } = await compare([one], [moved]);
    expect(environments[0]?.warnings).toMatchObject([{ kind: 'stack-moved' }]);
  });

  it('warns when a stack gets another name, which leaves the old one behind', async () => {
    const renamed = side({ stacks: { 'toy.home': { template: resources(TABLE), name: 'other-dev-toy-home' } } });
    const { environments } = await compare([one], [renamed]);
    expect(environments[0]?.warnings.map(({ kind }) => kind)).toEqual(['stack-moved']);
  });
});

describe('resources', () => {
  it('tells a change from a replacement, and names the properties', async () => {
    const changed = TABLE.replace('PAY_PER_REQUEST', 'PROVISIONED');
    expect((await stackOf(resources(TABLE), resources(changed)))?.resources).toEqual([
      {
        id: 'Table',
        type: 'AWS::DynamoDB::Table',
        change: 'changed',
        properties: [{ path: 'BillingMode', old: 'PAY_PER_REQUEST', new: 'PROVISIONED' }],
      },
    ]);
    const replaced = TABLE.replace('sessions', 'playbacks');
    expect((await stackOf(resources(TABLE), resources(replaced)))?.resources).toEqual([
      {
        id: 'Table',
        type: 'AWS::DynamoDB::Table',
        change: 'replaced',
        retained: true,
        properties: [{ path: 'TableName', old: 'sessions', new: 'playbacks', replaces: 'always' }],
      },
    ]);
  });

  it('follows a replacement to what refers to it', async () => {
    const alarm = `${TABLE}\nLogs:\n  Type: AWS::Logs::LogGroup\n  Properties: {LogGroupName: !Ref Table}`;
    const stack = await stackOf(resources(alarm), resources(alarm.replace('sessions', 'playbacks')));
    expect(stack?.resources.map(({ id, change }) => [id, change])).toEqual([
      ['Logs', 'replaced'],
      ['Table', 'replaced'],
    ]);
  });

  it('says which removed resources stay in the account', async () => {
    const plain = 'Topic:\n  Type: AWS::SNS::Topic';
    const stack = await stackOf(resources(`${TABLE}\n${plain}`), resources('Other:\n  Type: AWS::SNS::Topic'));
    expect(stack?.resources.map(({ id, change, retained }) => [id, change, retained])).toEqual([
      ['Table', 'removed', true],
      ['Topic', 'removed', undefined],
      ['Other', 'added', undefined],
    ]);
  });

  it.each([
    ['removed', resources('Topic:\n  Type: AWS::SNS::Topic')],
    ['replaced', resources(TABLE.replace('sessions', 'playbacks'))],
  ])('warns when a stateful resource is %s', async (_what, fresh) => {
    const of = (template: string): Side => side({ stacks: { 'toy.home': { template, stateful: ['Table'] } } });
    const { environments } = await compare([of(resources(TABLE))], [of(fresh)]);
    expect(environments[0]?.warnings).toMatchObject([
      { kind: 'state-lost', message: expect.stringContaining('Table (toy.home)') },
    ]);
  });

  it('leaves out what the running product changes itself', async () => {
    const rest = {
      runtimeOwned: [
        { resource: 'Table', property: 'Properties.BillingMode', because: 'test' },
        { resource: 'Topic', property: '*', because: 'test' },
      ],
    };
    const text = (billing: string, name: string): string =>
      resources(
        `${TABLE.replace('PAY_PER_REQUEST', billing)}\nTopic:\n  Type: AWS::SNS::Topic\n  Properties: {DisplayName: ${name}}`,
      );
    expect(await stackOf(text('PAY_PER_REQUEST', 'a'), text('PROVISIONED', 'b'), rest)).toBeUndefined();
    expect(await stackOf(text('PAY_PER_REQUEST', 'a'), text('PROVISIONED', 'b'))).toBeDefined();
  });

  it('reports parameters with their sources, outputs and other entries', async () => {
    const text = (value: string): string =>
      `Description: ${value}\nParameters: {P: {Type: String}}\n${resources(TABLE)}Outputs: {O: {Value: ${value}}}\n`;
    const of = (value: string): Side =>
      side({
        stacks: { 'toy.home': { template: text(value), parameters: { P: { output: `a.${value}`, from: 'a.home' } } } },
      });
    const { environments } = await compare([of('one')], [of('two')]);
    expect(environments[0]?.stacks[0]).toMatchObject({
      resources: [],
      parameters: [
        {
          name: 'P',
          change: 'changed',
          values: [{ path: 'source', old: 'output a.one of a.home', new: 'output a.two of a.home' }],
        },
      ],
      outputs: [{ name: 'O', change: 'changed', values: [{ path: 'Value', old: 'one', new: 'two' }] }],
      others: [{ name: 'Description', change: 'changed', values: [{ path: '', old: 'one', new: 'two' }] }],
    });
  });
});

describe('permissions', () => {
  const role = (...statements: string[]): string =>
    resources(`Role:
  Type: AWS::IAM::Role
  Properties:
    AssumeRolePolicyDocument:
      Statement: [{Effect: Allow, Principal: {Service: lambda.amazonaws.com}, Action: sts:AssumeRole}]
    Policies:
      - PolicyName: own
        PolicyDocument: {Statement: [${statements.join(', ')}]}`);
  const READ = '{Effect: Allow, Action: s3:GetObject, Resource: arn:aws:s3:::b/*}';
  const DENY = '{Effect: Deny, Action: s3:DeleteObject, Resource: arn:aws:s3:::b/*}';

  it('sees a statement that gains and loses actions', async () => {
    const fresh = READ.replace('s3:GetObject', '[s3:PutObject, s3:GetObject]');
    const wider = await stackOf(role(READ), role(fresh));
    expect(wider?.permissions).toMatchObject([{ change: 'changed', widens: true, addedActions: ['s3:PutObject'] }]);
    const narrower = await stackOf(role(fresh), role(READ));
    expect(narrower?.permissions).toMatchObject([
      { change: 'changed', widens: false, removedActions: ['s3:PutObject'] },
    ]);
  });

  it('sees a statement that reaches other resources', async () => {
    const stack = await stackOf(role(READ), role(READ.replace('arn:aws:s3:::b/*', '"*"')));
    expect(stack?.permissions).toMatchObject([
      { change: 'changed', widens: true, addedResources: ['*'], removedResources: ['arn:aws:s3:::b/*'] },
    ]);
  });

  it('knows that a denial that goes allows more', async () => {
    expect((await stackOf(role(READ, DENY), role(READ)))?.permissions).toMatchObject([
      { change: 'removed', effect: 'Deny', widens: true },
    ]);
    expect((await stackOf(role(READ), role(READ, DENY)))?.permissions).toMatchObject([
      { change: 'added', effect: 'Deny', widens: false },
    ]);
  });

  it('states the permissions of a new stack', async () => {
    const { environments } = await compare([side({})], [side({ stacks: { 'toy.home': { template: role(READ) } } })]);
    expect(environments[0]?.stacks[0]?.permissions.map(({ change, actions }) => [change, ...actions])).toEqual([
      ['added', 'sts:AssumeRole'],
      ['added', 's3:GetObject'],
    ]);
  });
});

describe('functions', () => {
  const edge = (code: string, settings: unknown): string =>
    `import c from"crypto";var S=${JSON.stringify(settings)};var m={GET:1,HEAD:{}};function handler(e){${code}return[S,m,c]}`;
  const functions = async (old: TreeParts['functions'], fresh: TreeParts['functions']) => {
    const { environments } = await compare([side({ functions: old ?? {} })], [side({ functions: fresh ?? {} })]);
    return environments[0]?.functions;
  };

  it('tells changed settings of an edge function from changed code', async () => {
    const before = { streams: [{ id: 'live', max: 4 }], a: 1 };
    const after = { streams: [{ id: 'live', max: 2 }], a: 1 };
    const settings = [{ path: 'streams[live].max', old: 4, new: 2 }];
    expect(await functions({ 'toy.check': edge('', before) }, { 'toy.check': edge('', after) })).toMatchObject([
      { code: false, settings },
    ]);
    expect(await functions({ 'toy.check': edge('', before) }, { 'toy.check': edge('e++;', after) })).toMatchObject([
      { code: true, settings },
    ]);
    expect(await functions({ 'toy.check': edge('', after) }, { 'toy.check': edge('e++;', after) })).toMatchObject([
      { code: true, settings: [] },
    ]);
  });

  it('compares text that is no program as a whole', async () => {
    expect(await functions({ 'toy.check': '}{' }, { 'toy.check': '}}' })).toMatchObject([{ code: true, settings: [] }]);
  });

  it('reports size and digest of what is added, changed and removed', async () => {
    const found = await functions(
      { 'toy.aWorker': 'a', 'toy.bWorker': 'b' },
      { 'toy.aWorker': 'aa', 'toy.cWorker': 'ccc' },
    );
    expect(found?.map(({ id, change, old, new: fresh }) => [id, change, old?.size, fresh?.size])).toEqual([
      ['toy.aWorker', 'changed', 1, 2],
      ['toy.cWorker', 'added', undefined, 3],
      ['toy.bWorker', 'removed', 1, undefined],
    ]);
  });

  it('names the function in a template instead of its text or digest', async () => {
    const of = (code: string): Side => {
      const text = resources(`F:\n  Type: AWS::CloudFront::Function\n  Properties: {Name: f, FunctionCode: '${code}'}`);
      return side({ stacks: { 'toy.edge': { template: text } }, functions: { 'toy.check': code } });
    };
    const { environments } = await compare([of('one()')], [of('two()')]);
    expect(environments[0]?.stacks[0]?.resources[0]?.properties).toMatchObject([
      {
        path: 'FunctionCode',
        old: expect.stringMatching(/^code of toy\.check \([0-9a-f]{12}\)$/),
        new: expect.stringMatching(/^code of toy\.check/),
      },
    ]);
  });
});

describe('lifetimes', () => {
  const of = (seconds: number): Side => ({ ...side({}), lifetimes: new Map([['live', seconds]]) });

  it('warns when tokens may live shorter than those already issued', async () => {
    const { environments } = await compare([of(14_400)], [of(3600)]);
    expect(environments[0]?.warnings).toMatchObject([
      { kind: 'lifetime-lowered', message: expect.stringContaining('Stream live') },
    ]);
  });

  it('says nothing about longer lives, new streams, and outputs that do not tell', async () => {
    expect(await compare([of(3600)], [of(14_400)])).toEqual({ environments: [] });
    expect(await compare([side({})], [of(1)])).toEqual({ environments: [] });
  });
});
