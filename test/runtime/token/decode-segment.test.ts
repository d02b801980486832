import { describe, expect, it } from 'vitest';
import { decodeSegment, parseJson } from '../../../runtime/token/decode-segment.ts';

describe('the text of a segment', () => {
  it.each(['', 'a', 'ab', 'abc', 'abcd', '{"a":1}', '>>>???~~~', '\u00e9', '\u65e5\u672c', '\u{1f3ac}', '\u0000'])(
    'is %j again',
    (text) => {
      const segment = Buffer.from(text).toString('base64url');
      expect(decodeSegment(segment)).toBe(text);
      if (!/[-_]/.test(segment)) expect(decodeSegment(segment, true)).toBe(text);
    },
  );

  it.each(['e', 'eyJhI', 'eyJhIjoxf'])('is none of %s, which is no base64url by its length', (segment) => {
    expect([decodeSegment(segment), decodeSegment(segment, true)]).toEqual(['', '']);
  });
});

describe('the value of a JSON text', () => {
  it.each<[string, unknown]>([
    ['{"a":[1]}', { a: [1] }],
    ['null', null],
    ['""', ''],
    ['', undefined],
    ['{', undefined],
    ['undefined', undefined],
  ])('%j', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });
});
