import { describe, expect, it } from 'vitest';
import { begunOver, importTemplate } from '../../../generator/aws/import-template.ts';
import type { Kept } from '../../../generator/aws/kept.ts';
import type { Template } from '../../../generator/diff/template.ts';

const OVER = 'a'.repeat(64);
const kept = (...ids: string[]): Kept[] =>
  ids.map((resource) => ({
    resource,
    type: 'AWS::SecretsManager::Secret',
    name: resource,
    thing: { identifier: { Id: resource }, physicalId: resource, arn: resource, tags: {} },
  }));
const secret = (Properties: object, more: object = {}) => ({
  Type: 'AWS::SecretsManager::Secret',
  DeletionPolicy: 'RetainExceptOnCreate',
  UpdateReplacePolicy: 'Retain',
  Properties,
  ...more,
});
const made = (fresh: object, ids: string[], live?: object) =>
  JSON.parse(
    importTemplate(fresh as Template, { kept: kept(...ids), live: live as Template | undefined, over: OVER }),
  ) as { Resources: Record<string, { [name: string]: unknown }>; [section: string]: unknown };

describe('the template of an import', () => {
  it('of a new stack has what is taken up and nothing else, whatever the template makes of it', () => {
    const fresh = {
      AWSTemplateFormatVersion: '2010-09-09',
      Description: 'full',
      Parameters: { Word: { Type: 'String' } },
      Resources: { Key: secret({ Name: 'k', Description: { Ref: 'Word' } }), News: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Key: { Value: { Ref: 'Key' } } },
    };
    const template = made(fresh, ['Key']);
    expect(Object.keys(template).sort()).toEqual([
      'AWSTemplateFormatVersion',
      'Description',
      'Parameters',
      'Resources',
    ]);
    expect(template.Resources).toEqual({
      Key: secret({ Name: 'k', Description: { Ref: 'Word' } }, { DeletionPolicy: 'Retain' }),
    });
    expect(begunOver(JSON.stringify(template))).toBe(OVER);
  });

  it.each([
    ['Ref', { Ref: 'Cmk' }],
    ['GetAtt', { 'Fn::GetAtt': ['Cmk', 'Arn'] }],
    ['GetAtt in one word', { 'Fn::GetAtt': 'Cmk.Arn' }],
    ['Sub', { 'Fn::Sub': 'alias-${Cmk.Arn}' }],
    ['Sub with values', { 'Fn::Sub': ['${a}', { a: { Ref: 'Cmk' } }] }],
    ['If', { 'Fn::If': ['IsBig', 'a', 'b'] }],
    ['FindInMap', { 'Fn::FindInMap': ['Sizes', 'a', 'b'] }],
    ['something deeper', { 'Fn::Join': ['', ['a', [{ Ref: 'Cmk' }]]] }],
  ])('leaves out a property that needs what is still to be made: %s', (_name, KmsKeyId) => {
    const fresh = { Resources: { Key: secret({ Name: 'k', KmsKeyId }, { DependsOn: ['Cmk'] }), Cmk: {} } };
    const { Key } = made(fresh, ['Key']).Resources;
    expect([Key?.Properties, Key?.DependsOn]).toEqual([{ Name: 'k' }, undefined]);
  });

  it.each([
    ['pseudo parameters', { Ref: 'AWS::Region' }],
    ['a text', { 'Fn::Sub': '${!Cmk} in ${AWS::Region}' }],
    ['a value of its own', { 'Fn::Sub': ['${a}', { a: 'x' }] }],
    ['what is taken up with it', { 'Fn::GetAtt': ['Other', 'Id'] }],
  ])('keeps a property that needs no more than %s', (_name, Description) => {
    const Key = secret({ Name: 'k', Description }, { DependsOn: 'Other' });
    const { Resources } = made({ Resources: { Key, Other: secret({ Name: 'o' }) } }, ['Key', 'Other']);
    expect(Resources.Key).toMatchObject({ Properties: { Description }, DependsOn: ['Other'] });
  });

  it('of a stack that exists is its own, with what is taken up', () => {
    const live = {
      Description: 'as it is',
      Resources: { News: { Type: 'AWS::SNS::Topic' } },
      Outputs: { Old: { Value: 'x' } },
    };
    const fresh = {
      Description: 'other',
      Parameters: { Word: { Type: 'String' } },
      Resources: { Key: secret({ Name: 'k', Description: { Ref: 'Word' }, KmsKeyId: { Ref: 'News' } }) },
    };
    expect(made(fresh, ['Key'], live)).toEqual({
      ...live,
      Resources: {
        ...live.Resources,
        Key: secret({ Name: 'k', KmsKeyId: { Ref: 'News' } }, { DeletionPolicy: 'Retain' }),
      },
    });
  });

  it('tells no other stack that it has only begun', () => {
    expect([begunOver(undefined), begunOver('{"Description":"edgepass"}'), begunOver('Resources: {}')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
