// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own variables
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../../../generator/modules/contract.ts';
import { parseCfnYaml } from '../../../../generator/render/cfn-yaml/parse.ts';
import { printTemplate } from '../../../../generator/render/cfn-yaml/print.ts';
import { describeWith, toolPath } from '../../../helpers/needs.ts';

type Template = { [key: string]: Json };

const parse = (text: string) => parseCfnYaml(text, (line, column) => ({ file: 't', line, column }));

/** Texts that some YAML reader takes for something else, or that are hard to write. */
const TRICKY = [
  ...[
    '',
    ' ',
    '~',
    'null',
    'NULL',
    'yes',
    'No',
    'on',
    'OFF',
    'y',
    'N',
    'true',
    'FALSE',
    '=',
    '<<',
    '-',
    '?',
    ':',
    '!',
    '&a',
    '*a',
    '%',
    '@',
    '`',
    '|',
    '>',
    '#',
    ',',
  ],
  ...[
    '0',
    '-1',
    '+1',
    '0123',
    '0o17',
    '0x1F',
    '0b11',
    '1_000',
    '1e3',
    '1.5',
    '.5',
    '1.',
    '.inf',
    '-.INF',
    '.nan',
    '12:30:45',
    '190:20',
    '2012-10-17',
    '2001-12-14t21:59:43.10-05:00',
    '012345678901',
  ],
  ...[
    'a: b',
    'a:',
    'a #b',
    '#a',
    ' a',
    'a ',
    '\ta',
    'a\t',
    'a\tb',
    "it's",
    '"q"',
    '\\',
    '\\n',
    '{a}',
    '[a]',
    '{{resolve:x}}',
    '${A}',
    '!Ref A',
    '- a',
    '? a',
    '---',
    '...',
    '--- a',
    '%YAML 1.1',
  ],
  ...[
    'a\nb',
    'a\n',
    'a\n\n',
    '\na',
    '\n',
    '\n\n',
    ' a\nb',
    'a\n b',
    'a\n\n  b\n',
    'a\n ',
    'a \nb',
    'a\n\tb',
    'a\r\nb',
    '# c\na',
    '- x\n- y',
    'k: v\n',
    '---\na',
    'a\n...\nb',
  ],
  ...[
    '\u00e9',
    '\u0085',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\u{1F3A5}',
    '\u0000',
    '\u007f',
    'long '.repeat(40),
    `${'quoted: '.repeat(20)}x`,
    'AWS::S3::Bucket',
    'Fn::Sub',
    'a.b',
  ],
];

const text = fc.oneof(
  fc.constantFrom(...TRICKY),
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.constantFrom(...TRICKY), fc.constantFrom(...TRICKY)).map(([a, b]) => a + b),
);
const key = text.filter((name) => name !== '__proto__' && name !== '<<' && name.length < 200);
const number = fc
  .oneof(
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }),
    fc.constantFrom(1e-7, -5e-324, 9007199254740991),
  )
  .map((n) => (Object.is(n, -0) ? 0 : n));
const logicalId = fc.stringMatching(/^[A-Z][A-Za-z0-9]{0,8}$/);

const { value } = fc.letrec<{ value: Json; map: Json; list: Json[]; call: Json }>((tie) => ({
  value: fc.oneof({ maxDepth: 5 }, text, number, fc.boolean(), fc.constant(null), tie('call'), tie('map'), tie('list')),
  map: fc.dictionary(key, tie('value'), { maxKeys: 4 }),
  list: fc.array(tie('value'), { maxLength: 4 }),
  call: fc.oneof(
    fc.record({ Ref: text }),
    fc.record({ 'Fn::Sub': fc.oneof(text, fc.tuple(text, tie('map'))) }) as fc.Arbitrary<Json>,
    fc.record({ 'Fn::GetAtt': fc.oneof(fc.tuple(logicalId, logicalId), text, tie('list')) }) as fc.Arbitrary<Json>,
    fc.record({ 'Fn::Base64': tie('value') }) as fc.Arbitrary<Json>,
    fc.record({ 'Fn::GetAZs': tie('value') }) as fc.Arbitrary<Json>,
    fc
      .constantFrom('Join', 'Select', 'If', 'And', 'FindInMap', 'Cidr', 'Split', 'Transform', 'ImportValue')
      .chain((name) => fc.oneof(tie('list'), tie('value')).map((argument): Json => ({ [`Fn::${name}`]: argument }))),
    fc.record({ Condition: text }),
  ),
}));
const template = fc.record(
  {
    AWSTemplateFormatVersion: fc.constant('2010-09-09'),
    Description: text,
    Resources: fc.dictionary(key, value, { maxKeys: 4 }),
    Outputs: value,
    Other: value,
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Template>;

describe('print and parse', () => {
  it('give back any template', () => {
    fc.assert(
      fc.property(template, (original) => {
        const printed = printTemplate(original, 'test');
        const { value: parsed, diagnostics } = parse(printed);
        expect(diagnostics).toEqual([]);
        // A text alone under `Fn::GetAtt` is printed in long form, so all comes back as it was.
        expect(parsed ?? {}).toEqual(original);
      }),
      { numRuns: 1_500 },
    );
  });

  it('are stable: printing what was parsed gives the same text', () => {
    fc.assert(
      fc.property(template, (original) => {
        const printed = printTemplate(original, 'test');
        expect(printTemplate((parse(printed).value ?? {}) as Template, 'test')).toBe(printed);
      }),
      { numRuns: 300 },
    );
  });

  // cfn-lint brings PyYAML into the same Python environment.
  const python = join(dirname(toolPath('cfn-lint') ?? ''), 'python');
  describeWith(['cfn-lint'], 'to a YAML 1.1 reader (PyYAML)', () => {
    it('mean the same', () => {
      const originals = [
        ...fc.sample(template, { numRuns: 400, seed: 7 }),
        { Resources: Object.fromEntries(TRICKY.map((t, i) => [`R${i}`, [t, { [t === '<<' ? 'x' : t]: t }]])) },
      ];
      const script = `
import json, sys, yaml
class L(yaml.SafeLoader): pass
def call(loader, suffix, node):
    name = suffix if suffix in ('Ref', 'Condition') else 'Fn::' + suffix
    if isinstance(node, yaml.ScalarNode): v = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode): v = loader.construct_sequence(node, deep=True)
    else: v = loader.construct_mapping(node, deep=True)
    if name == 'Fn::GetAtt' and isinstance(v, str): v = v.split('.', 1)
    return {name: v}
L.add_multi_constructor('!', call)
print(json.dumps([yaml.load(t, L) for t in json.load(sys.stdin)]))
`;
      const input = JSON.stringify(originals.map((original) => printTemplate(original, 'test')));
      const { stdout, stderr } = spawnSync(python, ['-c', script], { input, encoding: 'utf8', maxBuffer: 1e9 });
      expect(stderr).toBe('');
      const read = JSON.parse(stdout) as (Template | null)[];
      for (const [index, original] of originals.entries()) {
        expect(read[index] ?? {}).toEqual(JSON.parse(JSON.stringify(original)));
      }
    });
  });
});
