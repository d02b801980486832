// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own variables
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../generator/modules/contract.ts';
import type { PlannedStack } from '../../../../generator/modules/plan-types.ts';
import type { Check } from '../../../../generator/render/checks/check.ts';
import { CHECKS } from '../../../../generator/render/checks/index.ts';
import { limits } from '../../../../generator/render/checks/limits.ts';
import { logRetention } from '../../../../generator/render/checks/log-retention.ts';
import { outputs } from '../../../../generator/render/checks/outputs.ts';
import { placeholders } from '../../../../generator/render/checks/placeholders.ts';
import { references } from '../../../../generator/render/checks/references.ts';
import { secretKind, secrets } from '../../../../generator/render/checks/secrets.ts';
import { stateful } from '../../../../generator/render/checks/stateful.ts';
import { weakLinks } from '../../../../generator/render/checks/weak-links.ts';
import { wildcards } from '../../../../generator/render/checks/wildcards.ts';
import { toyStack } from '../../../helpers/toy-module.ts';

type Sections = { [section: string]: { [name: string]: Json } };

/** Messages of one check; the place of R is line 7 of its file. */
function check(
  rule: Check,
  { template, stack = {}, body = '' }: { template: Sections; stack?: Partial<PlannedStack>; body?: string },
): string[] {
  const placeOf = (part: unknown) =>
    part !== undefined && part === template.Resources?.R ? { file: 't', line: 7 } : undefined;
  const context = { stack: toyStack({ outputs: {}, stateful: [], ...stack }), template, body, placeOf };
  return rule(context).map(({ code, message, hint, place }) => {
    expect(hint).toBeTruthy();
    expect(place?.file).toBeTruthy();
    return `${code} ${message.replace('toy.edge: ', '')}`;
  });
}

const R = (resource: Json, more: Sections = {}): { template: Sections } => ({
  template: { Resources: { R: resource }, ...more },
});
const properties = (Properties: Json) => R({ Type: 'X', Properties });
const allow = (statement: { [key: string]: Json }, Metadata: Json = {}) =>
  R({
    Type: 'AWS::IAM::Role',
    Metadata,
    Properties: { Policies: [{ PolicyDocument: { Statement: [{ Effect: 'Allow', ...statement }] } }] },
  });
const entries = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`N${n}`, { Type: 'X' }]));

describe('limits', () => {
  it('passes at the limits', () => {
    const template = { Resources: entries(500), Parameters: entries(200), Outputs: entries(200) };
    expect(check(limits, { template, body: 'x'.repeat(1_000_000), stack: { description: 'd'.repeat(1024) } })).toEqual(
      [],
    );
  });
  it('reports what is beyond', () => {
    const template = { Resources: entries(501), Parameters: entries(201), Outputs: entries(201) };
    expect(check(limits, { template, body: 'é'.repeat(500_001), stack: { description: 'é'.repeat(513) } })).toEqual([
      'EP4031 the template has 1000002 bytes, CloudFormation takes 1000000',
      'EP4031 501 Resources, CloudFormation takes 500',
      'EP4031 201 Parameters, CloudFormation takes 200',
      'EP4031 201 Outputs, CloudFormation takes 200',
      'EP4031 the description has 1026 bytes, not 1 to 1024',
    ]);
    expect(check(limits, { template: {}, stack: { description: '' } })).toHaveLength(2);
  });
});

describe('references', () => {
  const more = {
    Parameters: { P: { Type: 'String' } },
    Conditions: { C: { 'Fn::Equals': ['a', 'b'] } },
    Mappings: { M: {} },
  };
  it.each<[string, Json]>([
    ['Ref', { Ref: 'R' }],
    ['Ref of a parameter', { Ref: 'P' }],
    ['pseudo parameter', { Ref: 'AWS::Region' }],
    ['GetAtt', { 'Fn::GetAtt': ['R', 'Arn'] }],
    ['GetAtt text', { 'Fn::GetAtt': 'R.Arn' }],
    ['Sub', { 'Fn::Sub': '${R} ${R.Arn} ${P} ${AWS::StackName} ${!Literal} $' }],
    ['Sub with a map', { 'Fn::Sub': ['${R.Arn} ${own} ${own.x}', { own: 1, 'own.x': 2 }] }],
    ['If', { 'Fn::If': ['C', { Ref: 'R' }, { Ref: 'AWS::NoValue' }] }],
    ['FindInMap', { 'Fn::FindInMap': ['M', 'a', 'b'] }],
    ['Condition of a policy', { Condition: { StringEquals: {} } }],
  ])('passes %s', (_what, value) => {
    expect(
      check(references, R({ Type: 'X', Properties: { a: [value] }, Condition: 'C', DependsOn: ['R'] }, more)),
    ).toEqual([]);
  });
  it.each<[string, Json, string]>([
    ['Ref', { Ref: 'Q' }, 'EP4032 Ref Q has no target'],
    ['GetAtt', { 'Fn::GetAtt': ['Q', 'Arn'] }, 'EP4032 GetAtt Q has no target'],
    ['GetAtt text', { 'Fn::GetAtt': 'Q.Arn' }, 'EP4032 GetAtt Q has no target'],
    ['GetAtt of a parameter', { 'Fn::GetAtt': ['P', 'Arn'] }, 'EP4032 GetAtt P has no target'],
    ['Sub', { 'Fn::Sub': 'a${Q}' }, 'EP4032 Ref Q has no target'],
    ['Sub attribute', { 'Fn::Sub': ['a${Q.Arn}', {}] }, 'EP4032 GetAtt Q has no target'],
    ['Ref in the map of a Sub', { 'Fn::Sub': ['a${x}', { x: { Ref: 'Q' } }] }, 'EP4032 Ref Q has no target'],
    ['If', { 'Fn::If': ['D', 1, 2] }, 'EP4032 Condition D has no target'],
    ['FindInMap', { 'Fn::FindInMap': ['N', 'a', 'b'] }, 'EP4032 Mapping N has no target'],
  ])('reports %s', (_what, value, expected) => {
    expect(check(references, R({ Type: 'X', Properties: { a: [value] } }, more))).toEqual([expected]);
    expect(
      check(references, { template: { Resources: { R: {} }, Outputs: { O: { Value: value } }, ...more } }),
    ).toEqual([expected]);
  });
  it('reports DependsOn and conditions of resources, outputs and conditions', () => {
    const template = {
      Resources: { R: { Type: 'X', DependsOn: 'Q', Condition: 'D' } },
      Outputs: { O: { Value: 1, Condition: 'E' } },
      Conditions: { C: { 'Fn::Not': [{ Condition: 'F' }] } },
    };
    expect(check(references, { template }).sort()).toEqual([
      'EP4032 Condition D has no target',
      'EP4032 Condition E has no target',
      'EP4032 Condition F has no target',
      'EP4032 DependsOn Q has no target',
    ]);
  });
});

describe('outputs', () => {
  it('compares with the contract in both directions', () => {
    const stack = { outputs: { storeArn: 'd', other: 'd' } };
    expect(check(outputs, { template: { Outputs: { StoreArn: { Value: 1 }, Other: { Value: 2 } } }, stack })).toEqual(
      [],
    );
    expect(check(outputs, { template: { Outputs: { StoreArn: {}, Extra: { Value: 2 } } }, stack })).toEqual([
      'EP4033 the contract publishes storeArn, but the template has no output StoreArn',
      'EP4033 the contract publishes other, but the template has no output Other',
      'EP4033 the template has an output Extra that the contract does not publish',
    ]);
  });
});

describe('logRetention', () => {
  it('wants RetentionInDays on log groups', () => {
    expect(
      check(logRetention, R({ Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: { Ref: 'P' } } })),
    ).toEqual([]);
    expect(check(logRetention, R({ Type: 'AWS::Logs::LogGroup' }))).toEqual([
      'EP4034 log group R has no RetentionInDays',
    ]);
  });
});

describe('stateful', () => {
  const stack = { stateful: ['R'] };
  it.each(['Retain', 'RetainExceptOnCreate'])('passes DeletionPolicy %s', (DeletionPolicy) => {
    expect(check(stateful, { ...R({ DeletionPolicy, UpdateReplacePolicy: 'Retain' }), stack })).toEqual([]);
  });
  it('reports missing policies and resources', () => {
    expect(check(stateful, { ...R({ DeletionPolicy: 'Snapshot' }), stack })).toEqual([
      'EP4035 R holds state but has no DeletionPolicy: Retain',
      'EP4035 R holds state but has no UpdateReplacePolicy: Retain',
    ]);
    expect(check(stateful, { template: { Resources: {} }, stack })).toEqual([
      'EP4035 the contract lists R as stateful, but the template does not define it',
    ]);
  });
});

describe('wildcards', () => {
  it.each<[string, { [key: string]: Json }, string]>([
    ['resource', { Sid: 'S', Action: 's3:GetObject', Resource: '*' }, 'statement S of R allows Resource *'],
    [
      'resource in a list',
      { Action: 's3:GetObject', Resource: ['arn:x', '*'] },
      'statement (without Sid) of R allows Resource *',
    ],
    [
      'resource by Sub',
      { Sid: 'S', Action: 's3:GetObject', Resource: { 'Fn::Sub': '*' } },
      'statement S of R allows Resource *',
    ],
    ['action', { Sid: 'S', Action: '*', Resource: 'arn:x' }, 'statement S of R allows Action *'],
    [
      'service',
      { Sid: 'S', Action: ['s3:GetObject', 's3:*'], Resource: 'arn:x' },
      'statement S of R allows Action s3:*',
    ],
    ['principal', { Sid: 'S', Action: 's3:GetObject', Principal: '*' }, 'statement S of R allows Principal *'],
    [
      'AWS principal',
      { Sid: 'S', Action: 's3:GetObject', Principal: { AWS: ['*'] } },
      'statement S of R allows Principal *',
    ],
    ['NotAction', { Sid: 'S', NotAction: 's3:GetObject', Resource: 'arn:x' }, 'statement S of R allows NotAction'],
    ['NotResource', { Sid: 'S', Action: 's3:GetObject', NotResource: 'arn:x' }, 'statement S of R allows NotResource'],
  ])('reports a wildcard in %s, unless there is a reason', (_what, statement, expected) => {
    expect(check(wildcards, allow(statement))).toEqual([`EP4036 ${expected}`]);
    expect(check(wildcards, allow({ ...statement, Sid: 'S' }, { edgepass: { wildcards: { S: 'because' } } }))).toEqual(
      [],
    );
    expect(check(wildcards, allow({ ...statement, Sid: 'S' }, { edgepass: { wildcards: { S: ' ' } } }))).not.toEqual(
      [],
    );
  });
  it('passes statements without, and Deny', () => {
    expect(check(wildcards, allow({ Action: 's3:Get*', Resource: 'arn:aws:s3:::b/*' }))).toEqual([]);
    expect(check(wildcards, allow({ Effect: 'Deny', Action: '*', Resource: '*', Principal: '*' }))).toEqual([]);
  });
  it('reports a reason that has outlived its wildcard', () => {
    expect(
      check(
        wildcards,
        allow({ Sid: 'S', Action: 's3:Get*', Resource: 'arn:x' }, { edgepass: { wildcards: { S: 'because' } } }),
      ),
    ).toEqual(['EP4036 R states a reason for a wildcard in statement S, which has none']);
  });
});

describe('secrets', () => {
  it('reports them wherever they stand, and never prints them', () => {
    const key = randomBytes(32).toString('base64url');
    for (const value of [key, `x = '${key}';`, { a: [key] }, { [key]: 1 }]) {
      const found = check(secrets, properties({ FunctionCode: value }));
      expect(found).toHaveLength(1);
      expect(found[0]).toMatch(/^EP4037 .* of R contains what looks like a key/);
      expect(found[0]).not.toContain(key);
    }
    expect(check(secrets, { template: { Parameters: { P: { Default: key } } } })).toHaveLength(1);
    expect(check(secrets, properties({ A: `AKIA${'A1B2'.repeat(4)}` }))).toEqual([
      'EP4037 A of R contains what looks like an AWS access key id',
    ]);
    expect(check(secrets, properties({ A: '-----BEGIN EC PRIVATE KEY-----' }))).toEqual([
      'EP4037 A of R contains what looks like a private key',
    ]);
  });
  it('finds nearly all random keys of 32 bytes', () => {
    for (const encoding of ['hex', 'base64', 'base64url'] as const) {
      const missed = Array.from({ length: 2_000 }, () => randomBytes(32).toString(encoding)).filter(
        (key) => !secretKind(key),
      );
      expect(missed.length, encoding).toBeLessThanOrEqual(20);
    }
  });
  it.each([
    'functions/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef.zip',
    "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='",
    'arn:aws:acm:us-east-1:012345678901:certificate/12345678-1234-1234-1234-123456789012',
    '658327ea-f89d-4fab-a63d-7e88639e58f6',
    'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    'org/apache/hadoop/hive/ql/io/parquet/MapredParquetInputFormat2',
    'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_',
    '0123456789abcdefghijklmnopqrstuvwxyz',
    'EdgepassBaseRevocationCompilerWorkerRole2',
    'acme-video-production-auto-revocation-home-WorkerLogs2',
    '/aws/vendedlogs/states/acme-video-dev-base-home-rotation-1',
    '12345678901234567890123456789012345678901234567890',
    'SELECT * FROM access WHERE "c-ip" = 1 AND cs_uri_stem_normalized_for_sessions2 > 3',
  ])('lets pass %s', (text) => {
    expect(secretKind(text)).toBeUndefined();
  });
});

describe('weakLinks', () => {
  it('reports exports and imports', () => {
    expect(check(weakLinks, { template: { Outputs: { O: { Value: 1, Export: { Name: 'x' } } } } })).toEqual([
      'EP4038 output O has an Export',
    ]);
    expect(check(weakLinks, properties({ A: [{ 'Fn::ImportValue': 'x' }] }))).toEqual([
      'EP4038 Fn::ImportValue is used',
    ]);
    expect(check(weakLinks, properties({ Export: 1 }))).toEqual([]);
  });
});

describe('placeholders', () => {
  it.each<[Json, string[]]>([
    [{ A: 'a {{name}}' }, ['EP4039 A of R has an unresolved {{']],
    [{ A: ['{{resolve:secretsmanager:x}}'] }, []],
    [{ A: { 'Fn::Sub': '{{x}}' } }, ['EP4039 A of R has an unresolved {{']],
    [{ FunctionCode: 'if(a){{b()}}' }, []],
    [{ Code: { ZipFile: { 'Fn::Sub': 'if(a){{b()}}' } } }, []],
    [
      { FunctionCode: "k='{{resolve:secretsmanager:x}}'" },
      ['EP4039 the code of R has a dynamic reference ({{resolve:…}})'],
    ],
    [
      { FunctionCode: { 'Fn::Sub': '{{resolve:ssm:x}}' } },
      ['EP4039 the code of R has a dynamic reference ({{resolve:…}})'],
    ],
  ])('%j', (value, expected) => {
    expect(check(placeholders, properties(value))).toEqual(expected);
  });
});

it('every check is on', () => {
  expect(CHECKS).toEqual([
    limits,
    references,
    outputs,
    weakLinks,
    stateful,
    logRetention,
    wildcards,
    secrets,
    placeholders,
  ]);
});
