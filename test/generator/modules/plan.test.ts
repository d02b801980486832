import { describe, expect, it } from 'vitest';
import type { Module } from '../../../generator/modules/module.ts';
import { logicalId, plan } from '../../../generator/modules/plan.ts';
import { check, contract, example, modules } from '../../helpers/config.ts';

const [environment] = check(example(['environments:', 'modules: {extra: {}}\nenvironments:'])).environments;
if (environment === undefined) throw new Error('the example is not valid');

const stack = (placement: 'home' | 'edge') => ({ template: 's.yaml.hbs', placement, description: 'A stack' });
const module = (id: string, changes: Parameters<typeof contract>[0]): Module => {
  const known = modules.find((m) => m.id === id);
  if (known === undefined) throw new Error(`no module ${id}`);
  return { ...known, contract: contract(changes) };
};

const base = module('base', {
  stacks: { home: stack('home'), edge: stack('edge') },
  outputs: { storeArn: { stack: 'edge', description: 'ARN' } },
  imports: [{ stack: 'home', output: 'base.storeArn' }],
  stateful: [{ stack: 'home', resource: 'Table', because: 'holds rows' }],
});

describe('plan', () => {
  it('places, names, wires and orders the stacks', () => {
    const extra = module('extra', {
      requires: ['base'],
      stacks: { home: stack('home') },
      imports: [{ stack: 'home', output: 'base.storeArn' }],
    });
    const result = plan(environment, [extra, base]);
    expect(result.ok && result.value.stacks.map((s) => [s.id, s.name, s.region, s.dependsOn])).toEqual([
      ['base.edge', 'acme-video-dev-base-edge', 'us-east-1', []],
      ['base.home', 'acme-video-dev-base-home', 'eu-west-1', ['base.edge']],
      ['extra.home', 'acme-video-dev-extra-home', 'eu-west-1', ['base.edge']],
    ]);
    expect(result.ok && result.value.stacks[2]?.wires).toEqual([
      { parameter: 'BaseStoreArn', output: 'base.storeArn', from: 'base.edge' },
    ]);
    expect(result.ok && result.value.stacks[1]?.stateful).toEqual(['Table']);
  });

  it('asks each module for its view once, with its settings and the typed environment', () => {
    const seen: unknown[] = [];
    const extra = module('extra', {
      requires: ['base'],
      view: (settings, env) => {
        seen.push([settings, env.streams.live?.mode, env.policies.subscriber?.lifetime]);
        return {};
      },
    });
    plan(environment, [base, extra]);
    expect(seen).toEqual([[{ level: 3 }, 'enforce', 14_400]]);
  });

  it.each<[string, Module[], string[]]>([
    ['a missing requirement', [module('extra', { requires: ['base', 'other'] }), base], ['EP2003']],
    [
      'modules that require each other',
      [module('extra', { requires: ['base'] }), module('base', { requires: ['extra'] })],
      ['EP2004'],
    ],
    ['a module that requires itself', [base, module('extra', { requires: ['extra'] })], ['EP2004']],
    [
      'an import nobody produces',
      [module('base', { stacks: { home: stack('home') }, imports: [{ stack: 'home', output: 'base.nothing' }] })],
      ['EP2005'],
    ],
    [
      'an import named like a prototype',
      [module('base', { stacks: { home: stack('home') }, imports: [{ stack: 'home', output: 'base.constructor' }] })],
      ['EP2005'],
    ],
    [
      'stacks that wait for each other',
      [
        module('base', {
          stacks: { a: stack('home'), b: stack('home') },
          outputs: { x: { stack: 'a', description: '' }, y: { stack: 'b', description: '' } },
          imports: [
            { stack: 'a', output: 'base.y' },
            { stack: 'b', output: 'base.x' },
          ],
        }),
      ],
      ['EP2004'],
    ],
    [
      'a contribution to nothing',
      [module('base', { contributes: [{ to: 'base.nowhere', template: 't.yaml.hbs' }] })],
      ['EP2006'],
    ],
  ])('finds %s', (_name, given, codes) => {
    expect(plan(environment, given).diagnostics.map((d) => d.code)).toEqual(codes);
  });

  it('is pure: the same settings give the same plan', () => {
    expect(plan(environment, [base])).toEqual(plan(environment, [base]));
  });
});

describe('logicalId', () => {
  it.each([
    ['storeArn', 'StoreArn'],
    ['base.storeArn', 'BaseStoreArn'],
    ['auto-revocation.topicArn', 'AutoRevocationTopicArn'],
  ])('%s → %s', (name, id) => {
    expect(logicalId(name)).toBe(id);
  });
});
