import { describe, expect, it } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import { parseTemplate } from '../../../generator/render/engine.ts';
import { lintTemplate } from '../../../generator/render/template-lint.ts';
import { checkNames, unusedMembers } from '../../../generator/render/template-names.ts';

const namesOf = (text: string) => lintTemplate({ tree: parseTemplate(text), file: 't.hbs', text }).names;
const messages = (text: string, view: Json) =>
  checkNames(namesOf(text), view).map(({ code, message }) => `${code} ${message}`);

describe('checkNames', () => {
  it.each<[string, string, Json, string[]]>([
    ['unknown insert', '{{json a}}', { b: 1 }, ['EP4004 The view has no a']],
    ['unknown value', "{{value 'a.b'}}", { a: {} }, ['EP4004 The view has no a.b']],
    ['unknown test', '{{#if a}}x{{/if}}', {}, ['EP4004 The view has no a']],
    ['unknown negative test', '{{#unless a}}x{{/unless}}', {}, ['EP4004 The view has no a']],
    ['unknown loop', '{{#each a}}x{{/each}}', {}, ['EP4004 The view has no a']],
    ['branch not taken', '{{#if a}}{{json b}}{{/if}}', { a: false }, ['EP4004 The view has no b']],
    [
      'else branch not taken',
      '{{#if a}}x{{else if c}}{{json b}}{{/if}}',
      { a: true, c: false },
      ['EP4004 The view has no b'],
    ],
    [
      'second item only',
      '{{#each a}}{{json b}}{{/each}}',
      { a: [{ b: 1 }, { c: 1 }] },
      ['EP4004 The view has no a.1.b'],
    ],
    ['map item', '{{#each a}}{{#if b}}x{{/if}}{{/each}}', { a: { 'k.l': {} } }, ['EP4004 The view has no a["k.l"].b']],
    ['loop over a text', '{{#each a}}x{{/each}}', { a: 'text' }, ['EP4004 a is neither a list nor a map']],
    ['member of null', '{{json a.b}}', { a: null }, ['EP4004 The view has no a.b']],
    ['inherited member', '{{json a.toString}}', { a: {} }, ['EP4004 The view has no a.toString']],
    [
      'member of null under its test',
      '{{#if a}}{{json a.b}}{{#each a.c}}{{json this}}{{/each}}{{/if}}',
      { a: null },
      [],
    ],
    [
      'item member under its test',
      '{{#each l}}{{#if a}}{{json a.b}}{{/if}}{{/each}}',
      { l: [{ a: null }, { a: { b: 1 } }] },
      [],
    ],
    [
      'test of another name does not help',
      '{{#if b}}{{json a.c}}{{/if}}',
      { a: null, b: true },
      ['EP4004 The view has no a.c'],
    ],
    [
      'a missing member is a fault under its test too',
      '{{#if a}}{{json a.c}}{{/if}}',
      { a: { b: 1 } },
      ['EP4004 The view has no a.c'],
    ],
    ['empty list', '{{#each a}}{{json b}}{{/each}}', { a: [] }, []],
  ])('%s', (_what, text, view, expected) => {
    expect(messages(text, view)).toEqual(expected);
  });

  it('says what was meant', () => {
    expect(checkNames(namesOf('{{json orgin}}'), { origin: 1 })[0]?.hint).toBe('Did you mean origin?');
    expect(checkNames(namesOf('{{json x}}'), { origin: 1, name: 2 })[0]?.hint).toBe('The view has origin, name.');
  });
});

describe('unusedMembers', () => {
  it.each<[string, string, { [name: string]: Json }, string[]]>([
    ['nothing used', 'x', { a: 1, b: {} }, ['a', 'b']],
    ['a member deep down', '{{json a.b}}', { a: { b: 1, c: 2 } }, ['a.c']],
    [
      'members of items, once',
      '{{#each a}}{{json b}}{{/each}}',
      {
        a: [
          { b: 1, c: 2 },
          { b: 1, c: 2 },
        ],
      },
      ['a.*.c'],
    ],
    ['a whole insert uses all below', '{{json a}}', { a: { b: { c: 1 } } }, []],
    ['a test is a use', '{{#if a}}x{{/if}}', { a: { b: 1 } }, []],
    ['a test and one member', '{{#if a}}{{json a.b}}{{/if}}', { a: { b: 1, c: 1 } }, ['a.c']],
    ['keys only', '{{#each a}}{{json @key}}{{/each}}', { a: { k: 1 } }, []],
    ['the branch not taken counts', '{{#if a}}{{json b}}{{/if}}', { a: false, b: 1 }, []],
  ])('%s', (_what, text, view, expected) => {
    expect(unusedMembers(namesOf(text), view)).toEqual(expected);
  });
});
