import { describe, expect, it } from 'vitest';
import { load, MAX_CONFIG_BYTES } from '../../../generator/config/load.ts';
import { cursors, example } from '../../helpers/config.ts';

describe('load: what YAML itself can say', () => {
  it.each([
    ['an empty file', '', 'EP1002 -:-'],
    ['only comments', '# nothing\n\n  # here\n', 'EP1002 -:-'],
    ['a list', '- project\n', 'EP1007 1:1'],
    ['a plain word', 'hello\n', 'EP1007 1:1'],
    ['only null', '~\n', 'EP1007 1:1'],
    ['a tab as indentation', 'project:\n\tname: x\n', 'EP1003 2:1'],
    ['a tab below spaces', 'a:\n  b: 1\n\tc: 2\n', 'EP1003 3:1'],
    ['an open quote', 'project: "acme\norigins: 1\n', 'EP1003 3:1'],
    ['an open bracket', 'streams: [1\n', 'EP1003 2:1'],
    ['a duplicate key', 'project: a\nproject: b\n', 'EP1004 2:1'],
    ['a duplicate key deep inside', 'a:\n  b: 1\n  c: 2\n  b: 3\n', 'EP1004 4:3'],
    ['two documents', 'project: a\n---\nproject: b\n', 'EP1005 2:1'],
    ['a custom tag', 'project: !env NAME\n', 'EP1005 1:15'],
    ['a map as a key', '? {a: b}\n: c\n', 'EP1005 1:3'],
  ])('%s', (_name, text, expected) => {
    expect(cursors(text)).toContain(expected);
  });

  it('refuses an anchor and its alias, each where it stands', () => {
    expect(cursors('a: &here 1\nb: *here\n')).toEqual(['EP1005 1:10', 'EP1005 2:4']);
    expect(cursors('a: &here {b: 1}\nc: [*here]\n')).toEqual(['EP1005 1:10', 'EP1005 2:5']);
  });

  it('reports every syntax fault, not just the first', () => {
    expect(cursors('a: 1\na: 2\nb: 1\nb: 2\n')).toEqual(['EP1004 2:1', 'EP1004 4:1']);
  });

  it('refuses a file of more than 1 MiB without parsing it', () => {
    const started = performance.now();
    const result = load('config.yaml', `a: ${'x'.repeat(5 * MAX_CONFIG_BYTES)}`);
    expect(result.diagnostics.map((d) => d.code)).toEqual(['EP1006']);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it.each([['['], ['{a: '], ['- ']])('ends in a diagnostic when %s is nested without end', (piece) => {
    const codes = load('config.yaml', piece.repeat(200_000)).diagnostics.map((d) => d.code);
    expect(codes).toContain('EP1003');
  });

  it('reads merge keys as ordinary keys, which the schema then refuses', () => {
    expect(cursors(example(['policies:\n', '<<: {a: b}\npolicies:\n']))).toContain('EP1101 4:1');
  });

  it('keeps prototype names as plain data', () => {
    expect(cursors(example(['origins:\n', 'origins:\n  __proto__: {domain: a.example.com}\n']))).toEqual([
      'EP1105 3:3',
    ]);
    expect(({} as { domain?: string }).domain).toBeUndefined();
  });

  it('copes with Windows line ends', () => {
    expect(cursors(example(['lifetime: 4h', 'lifetme: 4h']).replace(/\n/g, '\r\n'))).toContain('EP1101 6:5');
  });
});
