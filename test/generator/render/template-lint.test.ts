import { describe, expect, it } from 'vitest';
import { parseTemplate } from '../../../generator/render/engine.ts';
import { lintTemplate } from '../../../generator/render/template-lint.ts';

const lint = (text: string) => lintTemplate({ tree: parseTemplate(text), file: 't.hbs', text });
const codes = (text: string) =>
  lint(text).diagnostics.map(({ code, place }) => `${code} ${place?.line}:${place?.column}`);

describe('lintTemplate', () => {
  it.each([
    ['bare name', 'a: 1\nb: {{name}}', 'EP4002 2:4'],
    ['bare path', '{{a.b}}', 'EP4002 1:1'],
    ['three braces', '{{{json a}}}', 'EP4002 1:1'],
    ['ampersand', '{{& a}}', 'EP4002 1:1'],
    ['unknown helper', '{{upper a}}', 'EP4002 1:1'],
    ['literal', '{{"text"}}', 'EP4002 1:1'],
    ['builtin lookup', "{{lookup a 'b'}}", 'EP4002 1:1'],
    ['builtin log', '{{log a}}', 'EP4002 1:1'],
    ['block helper as insert', '{{if a}}', 'EP4002 1:1'],
    ['insert helper as block', '{{#json a}}x{{/json}}', 'EP4002 1:1'],
    ['with', '{{#with a}}x{{/with}}', 'EP4002 1:1'],
    ['block over a name', '{{#a}}x{{/a}}', 'EP4002 1:1'],
    ['inverse block', '{{^if a}}x{{/if}}', 'EP4002 1:1'],
    ['inverse of a name', '{{^a}}x{{/a}}', 'EP4002 1:1'],
    ['raw block', '{{{{raw}}}}x{{{{/raw}}}}', 'EP4002 1:1'],
    ['partial', '{{> a}}', 'EP4002 1:1'],
    ['partial block', '{{#> a}}x{{/a}}', 'EP4002 1:1'],
    ['inline partial', "{{#*inline 'a'}}x{{/inline}}", 'EP4002 1:1'],
    ['decorator', '{{* a}}', 'EP4002 1:1'],
    ['block parameters', '{{#each a as |b|}}{{json this}}{{/each}}', 'EP4002 1:1'],
    ['whitespace control', '{{~json a}}', 'EP4002 1:1'],
    ['whitespace control at else', '{{#if a}}x{{~else}}y{{/if}}', 'EP4002 1:1'],
    ['no argument', '{{json}}', 'EP4003 1:1'],
    ['two arguments', '{{json a b}}', 'EP4003 1:1'],
    ['hash argument', '{{json a b=1}}', 'EP4003 1:1'],
    ['includeZero', '{{#if a includeZero=true}}x{{/if}}', 'EP4003 1:1'],
    ['text for a name', "{{json 'a'}}", 'EP4003 1:1'],
    ['name for a text', '{{value a}}', 'EP4003 1:1'],
    ['number', '{{json 1}}', 'EP4003 1:1'],
    ['sub-expression', '{{json (json a)}}', 'EP4003 1:1'],
    ['no path', "{{value 'a..b'}}", 'EP4003 1:1'],
    ['segment literal', '{{json a.[b c]}}', 'EP4003 1:1'],
    ['above the view', '{{json ../a}}', 'EP4003 1:1'],
    ['two above one loop', '{{#each a}}{{json ../../b}}{{/each}}', 'EP4003 1:12'],
    ['@key outside a loop', '{{json @key}}', 'EP4004 1:1'],
    ['@../key in one loop', '{{#each a}}{{json @../key}}{{/each}}', 'EP4004 1:12'],
    ['unknown @name', '{{#each a}}{{json @size}}{{/each}}', 'EP4004 1:12'],
    ['in a branch not taken', '{{#if a}}{{else if b}}{{else}}\n{{x}}{{/if}}', 'EP4002 2:1'],
  ])('refuses: %s', (_what, text, expected) => {
    expect(codes(text)).toEqual([expected]);
  });

  it('lets all that is allowed pass', () => {
    const text = `{{!-- c --}}{{json a}}{{value 'a.b'}}{{output 'm.o'}}{{asset 'm.f'}}{{code 'm.g'}}
      {{#if a}}1{{else if b}}2{{else}}3{{/if}}{{#unless a}}4{{/unless}}
      {{#each a}}{{json this}}{{json @key}}{{json @root.a}}{{#unless @last}},{{/unless}}{{#each b}}{{json @../key}}{{json ../../a}}{{/each}}{{else}}5{{/each}}`;
    expect(codes(text)).toEqual([]);
  });

  it('shows the line of the fault', () => {
    expect(lint('a: 1\nb: {{name}} # x').diagnostics[0]).toMatchObject({
      hint: "Write {{json name}} or {{value 'name'}}.",
      place: { file: 't.hbs', line: 2, column: 4, length: 8, sourceLine: 'b: {{name}} # x' },
    });
  });

  it('notes names with their loop and the tests that hold', () => {
    const { names, ids } = lint(
      "{{#if a}}{{json a.b}}{{else}}{{json c}}{{/if}}{{#each d}}{{value 'e'}}{{value '../f'}}{{/each}}{{output 'm.o'}}",
    );
    expect(names.map(({ use, path, guards }) => [use, path.join('.'), guards.join(' ')])).toEqual([
      ['test', 'a', ''],
      ['insert', 'a.b', 'a'],
      ['insert', 'c', ''],
      ['each', 'd', ''],
      ['insert', 'd.*.e', ''],
      ['insert', 'f', ''],
    ]);
    expect(ids.map(({ helper, id }) => [helper, id])).toEqual([['output', 'm.o']]);
  });
});
