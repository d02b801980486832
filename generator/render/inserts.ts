/**
 * Values never pass through the YAML parser: a helper prints a short quoted mark and keeps the value beside the text.
 * The text is parsed with its marks, then the marks are replaced in the parsed tree. So no value can break the
 * structure, and one parse serves every environment in which the template takes the same branches.
 */
import type { Json } from '../modules/contract.ts';

// Private-use characters: printable in YAML, never part of a template.
const OPEN = '\uE000';
const CLOSE = '\uE001';
const MARK = /^\uE000(\d+)\uE001$/;

/** The values that the helpers of one rendering inserted, in order. */
export class Inserts {
  readonly values: Json[] = [];

  /** Keeps a value and returns its mark as JSON text. */
  add(value: Json): string {
    this.values.push(value);
    return `"${OPEN}${this.values.length - 1}${CLOSE}"`;
  }
}

/** Index of the inserted value when the text is one mark and nothing else. */
export function markIndex(text: string): number | undefined {
  const match = MARK.exec(text);
  return match ? Number(match[1]) : undefined;
}

/** Whether a text has a mark anywhere. */
export function hasMark(text: string): boolean {
  return text.includes(OPEN);
}
