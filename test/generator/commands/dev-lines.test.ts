/** What the local edge prints of requests, and what it does when nobody reads. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { leftOutText, lines, verdictText } from '../../../generator/commands/dev/lines.ts';
import type { Verdict } from '../../../generator/local/verdict.ts';

const verdict = (path: string): Verdict => ({ time: 0, method: 'GET', path, status: 200, verdict: 'pass', took: 1 });

/** A reader that takes what is written when it is told to. */
function reader() {
  const written: string[] = [];
  let waiting: (() => void) | undefined;
  const out = lines({
    write(text, taken) {
      written.push(text);
      waiting = taken;
    },
    print: ({ path }) => `${path}\n`,
    leftOut: (count) => `and ${count}\n`,
  });
  return { out, written, take: () => waiting?.() };
}

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('lines of verdicts', () => {
  it('are written some at once', () => {
    const { out, written } = reader();
    for (const path of ['a', 'b']) out.add(verdict(path));
    expect(written).toEqual([]);
    vi.runAllTimers();
    expect(written).toEqual(['a\nb\n']);
  });

  it('wait while the reader has not taken the ones before', () => {
    const { out, written, take } = reader();
    out.add(verdict('a'));
    vi.runAllTimers();
    out.add(verdict('b'));
    vi.runAllTimers();
    expect(written).toEqual(['a\n']);
    take();
    vi.runAllTimers();
    expect(written).toEqual(['a\n', 'b\n']);
  });

  it('are counted where too many wait, and shown again when they are taken', () => {
    const { out, written, take } = reader();
    out.add(verdict('a'));
    vi.runAllTimers();
    for (let i = 0; i < 2_003; i++) out.add(verdict(String(i)));
    take();
    vi.runAllTimers();
    expect(written[1]?.split('\n').slice(-3)).toEqual(['1999', 'and 3', '']);
    take();
    out.add(verdict('z'));
    vi.runAllTimers();
    expect(written[2]).toBe('z\n');
  });

  it('that are left are written at the end, whoever reads', () => {
    const { out, written } = reader();
    out.add(verdict('a'));
    vi.runAllTimers();
    out.add(verdict('b'));
    out.flush();
    out.flush();
    expect(written).toEqual(['a\n', 'b\n']);
  });

  it('say what became of a request, and how many are missing', () => {
    const text = verdictText(
      { ...verdict('/…/a'), status: 403, verdict: 'refused', reason: 'binding_mismatch' },
      false,
    );
    expect(text).toMatch(/^\d\d:00:00 {2}403 {2}refused: binding_mismatch {2}GET \/…\/a {2}1\.0 ms\n$/);
    expect(leftOutText(7, false)).toBe('          7 more that are not shown\n');
  });
});
