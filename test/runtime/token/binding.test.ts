import { describe, expect, it } from 'vitest';
import { bindingHead, boundAttribute } from '../../../runtime/token/binding.ts';

describe('a bound attribute', () => {
  it.each<['i' | 'h' | 'q', string, string, string]>([
    ['i', '4/24', '203.0.113.0', '1:i4:4/2411:203.0.113.0'],
    ['h', 'user-agent', 'TV/1', '1:h10:user-agent4:TV/1'],
    ['q', 'device', '\u00e9', '1:q6:device2:\u00e9'],
    ['q', 'a', 'x'.repeat(1024), `1:q1:a1024:${'x'.repeat(1024)}`],
    ['q', 'a', '\u00fc'.repeat(512), `1:q1:a1024:${'\u00fc'.repeat(512)}`],
  ])('%s %s', (kind, name, value, text) => {
    expect(boundAttribute(kind, name, value)).toBe(text);
  });

  it.each([
    ['empty', ''],
    ['over 1 KB', 'x'.repeat(1025)],
    ['over 1 KB of bytes', '\u00fc'.repeat(513)],
  ])('is nothing where the value is %s', (_name, value) => {
    expect(boundAttribute('h', 'a', value)).toBe('');
  });
});

it('follows scheme, audience, session and times', () => {
  expect(bindingHead('acme/test', 'abc', '1', '22')).toBe('15:edgepass-bind-19:acme/test3:abc1:12:22');
  expect(bindingHead('acme/test', '', '1', '22')).toBe('15:edgepass-bind-19:acme/test0:1:12:22');
});
