import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import { mergeFragments } from '../../../generator/render/contribute.ts';
import { TAG_SHAPES } from '../../../generator/render/tag-shapes.ts';
import { addTags } from '../../../generator/render/tags.ts';
import { TOY_ENVIRONMENT } from '../../helpers/toy-module.ts';

function tag(resource: { [key: string]: Json }) {
  const merged = mergeFragments([{ module: 'toy', template: { Resources: { R: resource } }, places: new WeakMap() }]);
  const diagnostics = addTags(merged, TOY_ENVIRONMENT);
  return { diagnostics, resource };
}

const OURS = [
  { Key: 'edgepass:environment', Value: 'dev' },
  { Key: 'edgepass:module', Value: 'toy' },
  { Key: 'edgepass:project', Value: 'acme-video' },
  { Key: 'team', Value: 'streaming' },
];

describe('addTags', () => {
  it('adds a list or a map, as the type wants, also without Properties', () => {
    expect(tag({ Type: 'AWS::SNS::Topic' }).resource.Properties).toEqual({ Tags: OURS });
    expect(tag({ Type: 'AWS::SSM::Parameter', Properties: { Value: 'x' } }).resource.Properties).toEqual({
      Value: 'x',
      Tags: Object.fromEntries(OURS.map(({ Key, Value }) => [Key, Value])),
    });
  });

  it('keeps tags of the resource itself, sorted among ours', () => {
    const own = [
      { Key: 'team', Value: { Ref: 'Team' } },
      { Key: 'a', Value: '1' },
    ];
    expect(tag({ Type: 'AWS::SNS::Topic', Properties: { Tags: own } }).resource.Properties).toEqual({
      Tags: [{ Key: 'a', Value: '1' }, ...OURS.slice(0, 3), own[0]],
    });
  });

  it('leaves types without tags alone', () => {
    expect(tag({ Type: 'AWS::IAM::ManagedPolicy' }).resource).toEqual({ Type: 'AWS::IAM::ManagedPolicy' });
  });

  it('reports tags that it cannot add to', () => {
    const { diagnostics } = tag({ Type: 'AWS::SNS::Topic', Properties: { Tags: { 'Fn::If': ['A', [], []] } } });
    expect(diagnostics.map(({ code }) => code)).toEqual(['EP4023']);
  });
});

describe('TAG_SHAPES', () => {
  it('is what the CloudFormation specification says, for all types of these services', () => {
    const services = new Set([...TAG_SHAPES.keys()].map((type) => type.split('::')[1]));
    const spec = loadAwsServiceSpecSync()
      .all('resource')
      .filter(({ cloudFormationType }) => services.has(cloudFormationType.split('::')[1]))
      .flatMap(({ cloudFormationType, tagInformation }) => {
        if (!tagInformation) return [];
        expect(tagInformation.tagPropertyName, cloudFormationType).toBe('Tags');
        return [[cloudFormationType, tagInformation.variant === 'map' ? 'map' : 'list'] as const];
      });
    expect(Object.fromEntries(TAG_SHAPES)).toEqual(Object.fromEntries(spec));
  });
});
