import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../generator/report/diagnostic.ts';
import { printGitHub } from '../../../generator/report/github.ts';
import { printJson } from '../../../generator/report/json.ts';
import { printDiagnostics } from '../../../generator/report/terminal.ts';

const ONE: Diagnostic = {
  code: 'EP1101',
  severity: 'error',
  message: '`lifetme` is not known in `policies.subscriber`.',
  hint: 'Did you mean `lifetime`?',
  place: { file: 'config.yaml', line: 12, column: 5, length: 7, sourceLine: '    lifetme: 4h' },
  environment: 'prod',
};

const print = (diagnostics: Diagnostic[], max?: number): string =>
  printDiagnostics(diagnostics, { color: false, ...(max ? { max } : {}) });

describe('the terminal printer', () => {
  it('shows the line with a caret under what is meant, and the next step', () => {
    expect(print([ONE])).toBe(
      [
        'config.yaml:12:5: error EP1101 `lifetme` is not known in `policies.subscriber`. (in prod)',
        '  12 |     lifetme: 4h',
        '     |     ^^^^^^^',
        '  hint: Did you mean `lifetime`?',
        '',
      ].join('\n'),
    );
  });

  it('puts errors first and caps at twenty', () => {
    const many = Array.from(
      { length: 25 },
      (_, i): Diagnostic => ({ ...ONE, severity: i === 24 ? 'error' : 'warning', message: `number ${i}` }),
    );
    const text = print(many);
    expect(text.split('\n')[0]).toContain('number 24');
    expect(text.match(/number/g)).toHaveLength(20);
    expect(text).toContain('… and 5 more.');
  });

  it('shows a window of an endless line, with the caret still under the word', () => {
    const sourceLine = `${'x'.repeat(5000)}lifetme${'y'.repeat(5000)}`;
    const text = print([{ ...ONE, place: { file: 'c', line: 1, column: 5001, length: 7, sourceLine } }]);
    const [, shown = '', caret = ''] = text.split('\n');
    expect(shown.length).toBeLessThan(200);
    expect(shown.slice(caret.indexOf('^'), caret.lastIndexOf('^') + 1)).toBe('lifetme');
  });

  it('lets no control character of a config file reach the terminal', () => {
    const evil = '\u001b[2J\u0007\u009b31m';
    const text = print([
      { ...ONE, message: evil, hint: evil, place: { file: evil, line: 1, column: 1, sourceLine: evil } },
    ]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the point of the test
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('the GitHub printer', () => {
  it('writes one workflow command a finding', () => {
    expect(printGitHub([ONE])).toBe(
      '::error file=config.yaml,line=12,col=5,title=EP1101::`lifetme` is not known in `policies.subscriber`. (in prod)%0ADid you mean `lifetime`?\n',
    );
  });

  it('does not fill a log: errors first, and no more of them than anybody reads', () => {
    const warnings = Array.from({ length: 100 }, () => ({ ...ONE, severity: 'warning' as const }));
    const lines = printGitHub([...warnings, ONE])
      .trimEnd()
      .split('\n');
    expect([lines.length, lines.filter((line) => line.startsWith('::error '))]).toEqual([20, [lines[0]]]);
  });

  it('does not let a message or a file name start a command of its own', () => {
    const text = printGitHub([{ ...ONE, message: 'a\n::set-output name=x::y', place: { file: 'a,b:c\n::d' } }]);
    expect(text.trimEnd().split('\n')).toHaveLength(1);
    expect(text).toContain('file=a%2Cb%3Ac%0A%3A%3Ad');
  });
});

describe('the JSON printer', () => {
  it('is one document with the findings and the result', () => {
    expect(JSON.parse(printJson([ONE], { environments: ['prod'] }))).toEqual({
      ok: false,
      environments: ['prod'],
      diagnostics: [ONE],
    });
    expect(JSON.parse(printJson([{ ...ONE, severity: 'warning' }]))).toMatchObject({ ok: true });
  });
});
