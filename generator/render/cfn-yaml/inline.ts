/**
 * Reads values that stand on one line: plain and quoted scalars, flow lists and maps, tags. Part of the quick reader
 * (clean.ts): whatever is not plainly right is NOT_CLEAN, and the real YAML parser has the say.
 */
import type { Json } from '../../modules/contract.ts';
import { hasMark, markIndex } from '../inserts.ts';
import { applyTag } from './intrinsics.ts';

/** Thrown to leave the quick reader; never an error in itself. */
export const NOT_CLEAN = new Error('not clean');

/** Called with each map and list, and its column (from 1). */
export type Note = (value: Json, column: number) => void;

const PLAIN_START = /^(?:[A-Za-z0-9_$/.]|-\d)/;
const FLOW_PLAIN =
  /(?:[A-Za-z0-9_$/.]|-\d)[^,[\]{}#:]*(?::(?=[^ ,[\]{}#:])[^,[\]{}#:]*|::(?=[^ ,[\]{}#:])[^,[\]{}#:]*)*/y;
const SINGLE = /'((?:[^']|'')*)'/y;
const DOUBLE = /"([^"\\]*)"/y;
const TAG = /!([A-Za-z0-9]+) +/y;
const COULD_BE_NUMBER = /^[-+]?(?:\.?\d[\d.]*(?:[eE][-+]?\d+)?|0[ox][\dA-Fa-f]+|\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;

/** A text that a template may hold: a mark is all of it or not in it. */
export function cleanText(text: string): string {
  if (hasMark(text) && markIndex(text) === undefined) throw NOT_CLEAN;
  return text;
}

/** What a plain scalar means by the YAML 1.2 core schema. */
export function plainValue(text: string): Json {
  if (/^(?:null|Null|NULL|~)$/.test(text)) return null;
  if (/^(?:true|True|TRUE)$/.test(text)) return true;
  if (/^(?:false|False|FALSE)$/.test(text)) return false;
  if (/^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?$/.test(text)) return Number(text);
  if (COULD_BE_NUMBER.test(text)) throw NOT_CLEAN;
  return cleanText(text);
}

/** Reads all of `text`, which starts at `column` of its line; a comment may follow the value. */
export function readInline({ text, column, note }: { text: string; column: number; note: Note }): Json {
  if (!/^[[{'"]/.test(text)) return blockPlain(text);
  const reader = new InlineReader(text, column, note);
  const value = reader.value();
  reader.end();
  return value;
}

function blockPlain(text: string): Json {
  const plain = text.replace(/ +(?:#.*)?$/, '');
  if (!PLAIN_START.test(plain) || plain.includes(': ') || plain.includes(' #') || plain.endsWith(':')) throw NOT_CLEAN;
  return plainValue(plain);
}

class InlineReader {
  readonly #text: string;
  readonly #column: number;
  readonly #note: Note;
  #at = 0;

  constructor(text: string, column: number, note: Note) {
    this.#text = text;
    this.#column = column;
    this.#note = note;
  }

  value(): Json {
    const tag = this.#match(TAG);
    const start = this.#at;
    const value = this.#untagged();
    const result = tag === undefined ? value : tagValue(tag, value);
    this.#note(value, this.#column + start);
    this.#note(result, this.#column + start);
    return result;
  }

  /** Nothing but a comment may be left. */
  end(): void {
    if (!/^ *$|^ +#/.test(this.#text.slice(this.#at))) throw NOT_CLEAN;
  }

  #untagged(): Json {
    if (this.#take('[')) return this.#list();
    if (this.#take('{')) return this.#map();
    const quoted = this.#quoted();
    if (quoted !== undefined) return quoted;
    const plain = this.#match(FLOW_PLAIN, 0);
    if (plain === undefined) throw NOT_CLEAN;
    return plainValue(plain.replace(/ +$/, ''));
  }

  #list(): Json {
    const list: Json[] = [];
    if (this.#take(']')) return list;
    do {
      list.push(this.value());
    } while (this.#take(','));
    if (!this.#take(']')) throw NOT_CLEAN;
    return list;
  }

  #map(): Json {
    const map: { [key: string]: Json } = {};
    if (this.#take('}')) return map;
    do {
      const column = this.#column + this.#at;
      const key = this.#quoted() ?? this.#match(FLOW_PLAIN, 0)?.replace(/ +$/, '');
      if (key === undefined || key === '__proto__' || Object.hasOwn(map, cleanText(key))) throw NOT_CLEAN;
      if (this.#text.slice(this.#at, this.#at + 2) !== ': ') throw NOT_CLEAN;
      this.#at += 2;
      this.#blanks();
      map[key] = this.value();
      this.#note(map[key], column);
    } while (this.#take(','));
    if (!this.#take('}')) throw NOT_CLEAN;
    return map;
  }

  #quoted(): string | undefined {
    const single = this.#match(SINGLE);
    if (single !== undefined) return cleanText(single.replaceAll("''", "'"));
    const double = this.#match(DOUBLE);
    return double === undefined ? undefined : cleanText(double);
  }

  #match(pattern: RegExp, group = 1): string | undefined {
    pattern.lastIndex = this.#at;
    const match = pattern.exec(this.#text);
    if (match) this.#at = pattern.lastIndex;
    return match?.[group];
  }

  /** Takes a character, with the blanks around it. */
  #take(character: string): boolean {
    const start = this.#at;
    this.#blanks();
    if (this.#text[this.#at] !== character) {
      this.#at = start;
      return false;
    }
    this.#at += 1;
    // Blanks after a closing bracket may belong to a comment.
    if (character !== ']' && character !== '}') this.#blanks();
    return true;
  }

  #blanks(): void {
    while (this.#text[this.#at] === ' ') this.#at += 1;
  }
}

/** The value with its tag applied. */
export function tagValue(tag: string, value: Json): Json {
  const { call, problem } = applyTag(tag, value);
  // Behind a tag, `true` and `1` are texts.
  if (problem || (typeof value !== 'string' && (value === null || typeof value !== 'object'))) throw NOT_CLEAN;
  return call;
}
