/** One random change to a draft. */
import type { Draft } from './draft.ts';
import type { Random } from './random.ts';

export interface Change {
  /** Shown in the report of a difference. */
  name: string;
  apply(draft: Draft, random: Random): void;
}

const PIECES = [
  'A',
  '0',
  '-',
  '_',
  '.',
  '=',
  '+',
  '/',
  '%',
  '%2E',
  '%20',
  '~',
  '*',
  ' ',
  '\n',
  '\u0000',
  '\u00e9',
  ';',
  '"',
  'eyJ',
  '..',
  '%C3%A9',
  ',',
  ':',
  '!',
];

/** Replaces, inserts, removes, doubles or swaps characters of a text, in one place. */
export function damage(text: string, random: Random, pieces: readonly string[] = PIECES): string {
  const at = random.int(text.length + 1);
  const size = 1 + random.int(3);
  const piece = random.pick(pieces);
  switch (random.int(7)) {
    case 0:
      return text.slice(0, at) + piece + text.slice(at);
    case 1:
      return text.slice(0, at) + text.slice(at + size);
    case 2:
      return text.slice(0, at + size) + text.slice(at);
    case 3:
      return text.slice(0, at) + text.slice(at + 1, at + 2) + text.slice(at, at + 1) + text.slice(at + 2);
    case 4: {
      const letter = text.slice(at, at + 1);
      return (
        text.slice(0, at) +
        (letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase()) +
        text.slice(at + 1)
      );
    }
    default:
      return text.slice(0, at) + piece + text.slice(at + piece.length);
  }
}

/** Sets a member so that one called `__proto__` is a member too. */
export function setMember(holder: object, name: string, value: unknown): void {
  Object.defineProperty(holder, name, { value, writable: true, enumerable: true, configurable: true });
}
