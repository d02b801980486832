import fc from 'fast-check';
import Handlebars from 'handlebars';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../generator/modules/contract.ts';
import { gitops } from '../../../generator/output/formats/gitops.ts';
import { parseTemplate, runTemplate } from '../../../generator/render/engine.ts';
import type { Format, StackContext } from '../../../generator/render/format.ts';
import { TOY_BUNDLES, toyStack } from '../../helpers/toy-module.ts';

const context: StackContext = {
  stack: toyStack(),
  parameters: new Map(),
  bundles: new Map(TOY_BUNDLES.map((bundle) => [bundle.id, bundle])),
};

/** The text with inserted values as JSON, as a person would expect it. */
function run(text: string, view: Json, format: Format = gitops): string {
  const rendering = runTemplate(parseTemplate(text), { view, format, context });
  return rendering.text.replace(/"\uE000(\d+)\uE001"/g, (_, index) => JSON.stringify(rendering.values[Number(index)]));
}

/** The same by Handlebars itself. */
function reference(text: string, view: Json): string {
  const handlebars = Handlebars.create();
  handlebars.registerHelper('json', (value: Json) => JSON.stringify(value));
  return handlebars.compile(text, { noEscape: true, strict: true })(view);
}

/** Random templates over the view below: nested blocks on lines of their own or inline. */
const { template } = fc.letrec<{ template: string; piece: string }>((tie) => ({
  template: fc.array(tie('piece'), { maxLength: 4 }).map((pieces) => pieces.join('')),
  piece: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    fc.constantFrom(
      'a: 1\n',
      '  b\n',
      ' ',
      '\n',
      '{{json @root.name}}',
      '  {{json @root.list}}\n',
      '{{!-- c --}}\n',
      '# {{! c }} d\n',
    ),
    fc
      .record({
        open: fc.constantFrom(
          '#if @root.yes',
          '#if @root.no',
          '#unless @root.empty',
          '#unless @root.zero',
          '#if @root.map',
          '#each @root.list',
          '#each @root.map',
          '#each @root.empty',
        ),
        inner: tie('template'),
        other: fc.option(tie('template')),
        breaks: fc.boolean(),
        indent: fc.constantFrom('', '  '),
      })
      .map(({ open, inner, other, breaks, indent }) => {
        const end = breaks ? '\n' : '';
        const item = open.startsWith('#each')
          ? '{{json this}}{{json @key}}{{json @index}}{{json @first}}{{json @last}}'
          : '';
        const otherwise = other === null ? '' : `${indent}{{else}}${end}${other}`;
        return `${indent}{{${open}}}${end}${inner}${item}${otherwise}${indent}{{/${open.slice(1).split(' ')[0]}}}${end}`;
      }),
  ),
}));
const VIEW = {
  name: 'x',
  yes: true,
  no: false,
  zero: 0,
  empty: [],
  list: [1, { a: null }],
  map: { k: 'v', 'a.b': [] },
};

describe('runTemplate', () => {
  it('gives what Handlebars gives in strict mode', () => {
    fc.assert(
      fc.property(template, (text) => {
        expect(run(text, VIEW)).toBe(reference(text, VIEW));
      }),
      { numRuns: 500 },
    );
  });

  it('resolves ../ and members of items as Handlebars does', () => {
    const text =
      '{{#each a}}{{json b}}{{json ../c}}{{#each d}}{{json this}}{{json ../b}}{{json ../../c}}{{json @../key}}{{/each}}{{/each}}';
    const view = { a: { one: { b: 1, d: ['x'] }, two: { b: 2, d: [] } }, c: 3 };
    expect(run(text, view)).toBe(reference(text, view));
    expect(run(text, view)).toBe('13"x"13"one"23');
  });

  it('tells the format the absolute path of a value, whatever the scope', () => {
    const seen: string[] = [];
    const value: Format['value'] = (_context, path, literal) => {
      seen.push(path);
      return literal;
    };
    const format: Format = { ...gitops, value };
    const view = { top: 1, origins: [{ domain: 'a' }], hosts: { main: { name: 'b' }, 'x.y': { name: 'c' } } };
    run(
      "{{value 'top'}}{{#each origins}}{{value 'domain'}}{{value '../top'}}{{value 'this.domain'}}{{/each}}{{#each hosts}}{{value 'name'}}{{value '@root.top'}}{{/each}}",
      view,
      format,
    );
    expect(seen).toEqual([
      'top',
      'origins.0.domain',
      'top',
      'origins.0.domain',
      'hosts.main.name',
      'top',
      'hosts["x.y"].name',
      'top',
    ]);
  });

  it('sees own members only', () => {
    for (const name of ['constructor', 'toString', '__proto__', 'a.constructor', 'list.map']) {
      expect(() => run(`{{json ${name}}}`, { a: {}, list: [] })).toThrow(/the view has no/);
      expect(() => run(`{{value '${name}'}}`, { a: {}, list: [] })).toThrow(/the view has no/);
    }
  });

  it('inserts a value that looks like a template, YAML or a mark as the text that it is', () => {
    const evil = '{{json x}}\n"]}\uE0000\uE001: !Ref A #';
    expect(run('{{json x}}', { x: evil })).toBe(JSON.stringify(evil));
  });

  it('knows the line of the template for each line of output', () => {
    const text =
      'one: 1\n{{#each list}}\n{{json this}}: {{json @key}}\n  x: 1\n  {{#if @last}}\n  y: 1\n  {{/if}}\n{{/each}}\nend: 1\n';
    const { text: output, lines } = runTemplate(parseTemplate(text), {
      view: { list: ['a', 'b'] },
      format: gitops,
      context,
    });
    expect(output.split('\n').map((line, index) => [line.replace(/[^a-z]/g, ''), lines[index]])).toEqual([
      ['one', 1],
      ['', 3],
      ['x', 4],
      ['', 3],
      ['x', 4],
      ['y', 6],
      ['end', 9],
      ['', 10],
    ]);
  });
});
