// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's own variables
import { describe, expect, it } from 'vitest';
import { parseCfnYaml } from '../../../../generator/render/cfn-yaml/parse.ts';

const parse = (text: string) => parseCfnYaml(text, (line, column) => ({ file: 't', line, column }));

describe('parseCfnYaml', () => {
  it.each([
    ['!Ref A', { Ref: 'A' }],
    ['!Ref AWS::Region', { Ref: 'AWS::Region' }],
    ["!Sub '${A}-b'", { 'Fn::Sub': '${A}-b' }],
    ["!Sub ['${A}', {A: !Ref B}]", { 'Fn::Sub': ['${A}', { A: { Ref: 'B' } }] }],
    ['!GetAtt A.B.C', { 'Fn::GetAtt': ['A', 'B.C'] }],
    ['!GetAtt [A, B]', { 'Fn::GetAtt': ['A', 'B'] }],
    ["!Join ['', [a, !Ref B]]", { 'Fn::Join': ['', ['a', { Ref: 'B' }]] }],
    ["!Select [0, !GetAZs '']", { 'Fn::Select': [0, { 'Fn::GetAZs': '' }] }],
    ['!Split [a, b]', { 'Fn::Split': ['a', 'b'] }],
    ['!FindInMap [A, b, c]', { 'Fn::FindInMap': ['A', 'b', 'c'] }],
    ['!If [A, b, !Ref AWS::NoValue]', { 'Fn::If': ['A', 'b', { Ref: 'AWS::NoValue' }] }],
    ['!Equals [a, b]', { 'Fn::Equals': ['a', 'b'] }],
    [
      '!And [!Condition A, !Not [!Condition B]]',
      { 'Fn::And': [{ Condition: 'A' }, { 'Fn::Not': [{ Condition: 'B' }] }] },
    ],
    ['!Or [!Condition A, !Condition B]', { 'Fn::Or': [{ Condition: 'A' }, { Condition: 'B' }] }],
    ['!Base64 abc', { 'Fn::Base64': 'abc' }],
    ['!Base64\n  Fn::Sub: abc', { 'Fn::Base64': { 'Fn::Sub': 'abc' } }],
    ['!Cidr [a, 2, 8]', { 'Fn::Cidr': ['a', 2, 8] }],
    ['!ImportValue a', { 'Fn::ImportValue': 'a' }],
    ['!Transform {Name: a}', { 'Fn::Transform': { Name: 'a' } }],
  ])('reads %s', (text, expected) => {
    expect(parse(text)).toMatchObject({ value: expected, diagnostics: [] });
  });

  it('keeps dates, versions and words as texts', () => {
    expect(parse('{a: 2012-10-17, b: yes, c: on, d: true, e: ~, f: 1.5, 443: g}').value).toEqual({
      a: '2012-10-17',
      b: 'yes',
      c: 'on',
      d: true,
      e: null,
      f: 1.5,
      '443': 'g',
    });
  });

  it.each([
    ['a: 1\na: 2', 'EP4012 2:1'],
    ["a: {b: 1, 'b': 2}", 'EP4012 1:11'],
    ['a: &x 1\nb: *x', 'EP4013 1:7'],
    ['<<: {a: 1}', 'EP4013 1:1'],
    ['__proto__: 1', 'EP4013 1:1'],
    ['? [a]\n: 1', 'EP4013 1:3'],
    ['a: !Foo b', 'EP4013 1:9'],
    ['a: !toString b', 'EP4013 1:14'],
    ['a: !Join b', 'EP4013 1:10'],
    ['a: !Ref [b]', 'EP4013 1:9'],
    ['a: !GetAtt b', 'EP4013 1:12'],
    ['a: 012345678901', 'EP4013 1:4'],
    ['a: 12345678901234567890', 'EP4013 1:4'],
    ['a: .inf', 'EP4013 1:4'],
    ['a: "x', 'EP4011'],
    ['a: b: c', 'EP4011'],
    ['a: x\uE0000\uE001', 'EP4014 1:4'],
  ])('refuses %j', (text, expected) => {
    const [first] = parse(text).diagnostics;
    expect(`${first?.code} ${first?.place?.line}:${first?.place?.column}`).toContain(expected);
  });

  it('knows where each map and list stands', () => {
    const { value, places } = parse('a: 1\nb:\n  c: [1]\n  d: !Sub [x, {y: 1}]\n');
    const map = value as { b: { c: number[]; d: { 'Fn::Sub': [string, object] } } };
    expect([map.b, map.b.c, map.b.d, map.b.d['Fn::Sub'][1]].map((part) => places.get(part)?.line)).toEqual([
      2, 3, 4, 4,
    ]);
  });
});
