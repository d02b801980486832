// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own variables
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readClean } from '../../../../generator/render/cfn-yaml/clean.ts';
import { parseAnyYaml } from '../../../../generator/render/cfn-yaml/parse.ts';
import type { Place } from '../../../../generator/report/diagnostic.ts';

const placeAt = (line: number, column: number): Place => ({ file: 't', line, column });

/** As templates are written, in all styles; marks of inserted values included. */
const SOURCE = `# comment
AWSTemplateFormatVersion: '2010-09-09'
Conditions:
  A: !Equals [!Ref P, 'yes']
  B: !Not [!Condition A]   # comment
  C: !And
    - !Condition A
    - Fn::Not: [{Condition: B}]

Resources:
  Kvs:
    Type: AWS::CloudFront::KeyValueStore
    DependsOn: [A, B]
    Properties: {Name: !Sub '\${AWS::StackName}-kvs', Comment: "\uE0000\uE001", N: -1, F: 1.5, T: true, Z: null }
  "\uE0001\uE001":
    Type: AWS::CloudFront::Function
    Properties:
      Name: !Sub
        - '\${A}-x'
        - {A: "\uE0002\uE001"}
      Arn: !GetAtt Kvs.Arn
      Also: !GetAtt [Kvs, Arn]
      Role: !Sub arn:\${AWS::Partition}:iam::\${AWS::AccountId}:role/x
      FunctionCode: |
        import cf from 'cloudfront';

        async function handler(event) { # no comment
          return event.request;
        }
      Text: !Sub |-
        a: \${Kvs}
          b

      List:
      - a
      - - b
        - {c: d}
      -   e: 1
          f: [ 1, 'it''s', x y, a:b, 's3:Get*' , ]
      - !If [A, {Ref: P}, !Ref AWS::NoValue]
      - 'quoted: text'
      -
        g: 2012-10-17
        's3:x-amz-acl': bucket-owner-full-control
        aws:SourceArn: !Ref Kvs
      Empty: {}
      None: []
      Nothing:
      Commented: # here
        h: !Join ['', [a, b]]
      After: end   # comment
Outputs:
  O: {Value: !GetAtt Kvs.Arn}
`;
/** The same without what the quick reader leaves to the package: a comma before a closing bracket. */
const CLEAN = SOURCE.replace(' , ]', ']');

/** All places below a value, in order. */
function placesIn(value: unknown, places: WeakMap<object, Place>): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  return [places.get(value), ...Object.values(value).flatMap((member) => placesIn(member, places))];
}

function compare(text: string): boolean {
  const clean = readClean(text, placeAt);
  if (!clean) return false;
  const full = parseAnyYaml(text, placeAt);
  expect(full.diagnostics).toEqual([]);
  expect(clean.value).toEqual(full.value);
  expect(placesIn(clean.value, clean.places)).toEqual(placesIn(full.value, full.places));
  return true;
}

const LINES = SOURCE.split('\n');
const FRAGMENTS = [
  ...[
    ' ',
    '  ',
    '\n',
    '\n  ',
    '\n\n',
    ':',
    ': ',
    '- ',
    '-',
    '#',
    ' #',
    ',',
    '[',
    ']',
    '{',
    '}',
    "'",
    '"',
    '|',
    '|-',
    '>',
    '>-',
    '|+',
    '|2',
    '!',
    '!Ref ',
    '!Foo ',
    '&a ',
    '*a',
    '? ',
    '<<: ',
    '%',
    '@',
    '`',
    '~',
    '\\',
  ],
  ...[
    'yes',
    'null',
    'True',
    '0',
    '012',
    '0x1f',
    '0o7',
    '1e3',
    '.5',
    '1.',
    '.inf',
    '12:30',
    '1_0',
    '-1',
    '+1',
    '---',
    '...',
    '\t',
    '\r',
    '\u00a0',
    '\u2028',
    '\ufeff',
    '\uE000',
    '\uE0003\uE001',
    '__proto__: 1',
    'Type: x',
    'a: b: c',
  ],
];

/** Edits: put a fragment somewhere, or take out or double a part. */
const edited = fc
  .tuple(
    fc.nat(LINES.length - 1),
    fc.nat(14),
    fc.array(
      fc.record({
        at: fc.double({ min: 0, max: 1, noNaN: true }),
        cut: fc.nat(3),
        put: fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 3 })),
      }),
      { maxLength: 3 },
    ),
  )
  .map(([from, count, edits]) => {
    const lines = LINES.slice(from, from + count + 1);
    const indent = Math.min(...lines.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
    let text = lines.map((line) => line.slice(Number.isFinite(indent) ? indent : 0)).join('\n');
    for (const { at, cut, put } of edits) {
      const position = Math.floor(at * text.length);
      text = text.slice(0, position) + put + text.slice(position + cut);
    }
    return text;
  });

/** Few lines, each of them with a trap, at random depths. */
const trapped = fc
  .array(
    fc.record({
      indent: fc.constantFrom(0, 0, 0, 1, 2, 2, 4),
      text: fc.constantFrom(
        ...[
          '',
          ' ',
          '   ',
          '# c',
          'a:',
          'b: c',
          'd: |',
          'e: |-',
          "f: 'g'",
          '"h": i # j',
          'k: [l, {m: n}]',
          'o: !Sub p',
          'q: !Join',
          'r: !Base64 !Sub s',
          't: !Ref # u',
        ],
        ...[
          '-',
          '- a',
          '- - b',
          '-  c: d',
          '- |',
          '- !Sub',
          '- !Ref e',
          '- [f]',
          '- g:',
          '-h',
          'i',
          'j:k',
          'l: m: n',
          'o:p: q',
          "'r: s'",
          '- # t',
          'u: v\u00a0',
          "w: 'x' y",
          'z: [a: b]',
          '{a: b}: c',
          '[d]',
        ],
        ...[
          'a: !Ref',
          'b: !GetAtt c',
          'd: !GetAtt e.f',
          'g: 1',
          'h: -0',
          'i: 1.50',
          'j: 0.1e1',
          'k: ~',
          'l: {}',
          'm: []',
          'n: [ ]',
          'o: { }',
          'p: [,]',
          'q: {r: }',
          's: {t}',
          'u: [v,]',
          "w: ['x''y', \"z\"]",
          'a: - b',
          'c: {d: e: f}',
          'g: {h:i}',
          'j: #k',
          'l:  m  # n',
          'o: p#q',
          '1: r',
          's t: u',
          'v : w',
          '.: x',
          'y: a, b',
          'c: d]',
          'e: f}',
          'g: {h: "i"}, j',
        ],
      ),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((lines) => lines.map(({ indent, text }) => ' '.repeat(indent) + text).join('\n'));

describe('readClean', () => {
  it('reads templates as they are written, and as the yaml package does', () => {
    expect(compare(CLEAN)).toBe(true);
    // Every member on its own too, so that none hides behind another.
    for (const line of LINES.filter(
      (text) => /^ *[A-Z]\w*: ./.test(text) && !/([|]-?|!And|!Sub)$/.test(text) && !text.includes(' , ]'),
    )) {
      expect(compare(line.trim()), line).toBe(true);
    }
  });

  it.each([
    ['edited templates', edited, 5_000],
    ['lines with traps', trapped, 20_000],
  ])('reads what it reads as the yaml package does: %s', (_what, texts, numRuns) => {
    let read = 0;
    fc.assert(
      fc.property(texts, (text) => {
        if (compare(text)) read += 1;
      }),
      { numRuns },
    );
    // Otherwise the test would show nothing.
    expect(read).toBeGreaterThan(numRuns / 50);
  });

  it.each([
    'a: {"b":12}',
    'a: {b, cd}',
    'a: |\n  b\n     \n',
    'a: |-\n  b\n     \n  c\n   \n',
    'a: |\n  b\n \n\nc: d',
    '- # a\n- b',
    '-\n- b',
    "a: 'b'#c",
    'a: [b]c',
  ])('does not read %j otherwise than the yaml package', (text) => {
    compare(text);
  });

  it.each([
    'a: &x 1',
    'a: *x',
    '<<: {a: 1}',
    'a: 1\na: 2',
    '{a: 1',
    'a: b\n  c',
    'a: "x\\n"',
    'a: >\n  b',
    'a: |2\n   b',
    '? a\n: b',
    '- a\nb: c',
    'a: 012',
    'a: !Foo b',
    'a: !Ref true',
    'a: [!Ref 1]',
    'a: !GetAtt b',
    'a\tb: c',
    'a: "x\uE0000\uE001"',
    '',
    'a',
    '---\na: 1',
    'a: 1\n---\nb: 2',
  ])('leaves %j to the yaml package', (text) => {
    expect(readClean(text, placeAt)).toBeUndefined();
  });
});
