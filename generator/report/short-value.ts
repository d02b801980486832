/** Values of templates in a report: short enough to read, and no place for a long text to give anything away. */
import type { Json } from '../modules/contract.ts';

const MAX = 72;

/** How much stands before the first difference of two long texts. */
const BEFORE = 16;

export function shortValue(value: Json | undefined): string {
  return cut(text(value), 0);
}

/** Two values that differ; long texts show the part in which they do. */
export function shortPair(old: Json | undefined, fresh: Json | undefined): [old: string, fresh: string] {
  const [a, b] = [text(old), text(fresh)];
  if (a.length <= MAX && b.length <= MAX) return [a, b];
  let same = 0;
  while (same < a.length && a[same] === b[same]) same++;
  const from = same < MAX - BEFORE ? 0 : same - BEFORE;
  return [cut(a, from), cut(b, from)];
}

function text(value: Json | undefined): string {
  return value === undefined ? 'none' : JSON.stringify(value);
}

function cut(long: string, from: number): string {
  const part = long.slice(from, from + MAX);
  return `${from > 0 ? '…' : ''}${part}${from + MAX < long.length ? '…' : ''}`;
}
