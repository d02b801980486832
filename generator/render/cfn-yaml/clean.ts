/**
 * The quick reader: block maps and lists, `|` texts and one-line values, as templates are written. It knows no faults:
 * at anything else it gives up and the `yaml` package reads the text again. A property test shows that where it does
 * not give up, both read the same.
 */
import type { Json } from '../../modules/contract.ts';
import type { Place } from '../../report/diagnostic.ts';
import { cleanText, NOT_CLEAN, readInline, tagValue } from './inline.ts';

/** Where a line and column (from 1) of the parsed text are in the file that people edit. */
export type PlaceAt = (line: number, column: number) => Place;

const KEY =
  /^(?:([A-Za-z0-9_$/.][A-Za-z0-9_$/.-]*(?:::?[A-Za-z0-9_$/.-]+)*)|'((?:[^']|'')*)'|"([^"\\]*)"):(?: +(.*))?$/;
const TAG = /^!([A-Za-z0-9]+)(?: +(.*))?$/;

/** A line that is neither empty nor a comment; for a map in a list, the rest of the line behind the dash. */
interface Line {
  indent: number;
  text: string;
}

/** Position of a value, from 1. */
interface Start {
  line: number;
  column: number;
}

/** Reads a text of the simple kind; undefined when it is not. */
export function readClean(text: string, placeAt: PlaceAt): { value: Json; places: WeakMap<object, Place> } | undefined {
  if (/[\t\r\ufeff]/.test(text)) return undefined;
  const places = new WeakMap<object, Place>();
  try {
    const reader = new CleanReader(text, (value, { line, column }) => {
      if (value !== null && typeof value === 'object') places.set(value, placeAt(line, column));
    });
    return { value: reader.document(), places };
  } catch (error) {
    if (error === NOT_CLEAN) return undefined;
    throw error;
  }
}

class CleanReader {
  readonly #lines: string[];
  readonly #note: (value: Json, start: Start) => void;
  #next = 0;
  #current: Line | undefined;

  constructor(text: string, note: (value: Json, start: Start) => void) {
    this.#lines = text.split('\n');
    this.#note = note;
    this.#advance();
  }

  document(): Json {
    if (this.#current?.indent !== 0) throw NOT_CLEAN;
    const start = { line: 1, column: 1 };
    const value = this.#block(0);
    if (this.#current) throw NOT_CLEAN;
    this.#note(value, start);
    return value;
  }

  /** Number of the current line, from 1. */
  get #line(): number {
    return this.#next;
  }

  #advance(): void {
    for (; this.#next < this.#lines.length; this.#next += 1) {
      const raw = this.#lines[this.#next] ?? '';
      const text = raw.replace(/^ +/, '');
      if (text === '' || text.startsWith('#')) continue;
      this.#current = { indent: raw.length - text.length, text: text.replace(/ +$/, '') };
      this.#next += 1;
      return;
    }
    this.#current = undefined;
  }

  #block(indent: number): Json {
    return isItem(this.#current) ? this.#list(indent) : this.#map(indent);
  }

  #map(indent: number): Json {
    const map: { [key: string]: Json } = {};
    for (let line = this.#at(indent); line && !isItem(line); line = this.#at(indent)) {
      const match = KEY.exec(line.text);
      const key = match?.[1] ?? match?.[2]?.replaceAll("''", "'") ?? match?.[3];
      if (key === undefined || key === '__proto__' || Object.hasOwn(map, cleanText(key))) throw NOT_CLEAN;
      const start = { line: this.#line, column: indent + 1 };
      const written = match?.[4] ?? '';
      const rest = written.startsWith('#') ? '' : written;
      const column = line.indent + line.text.length - written.length + 1;
      const { value } = this.#value({ rest, column, indent, inMap: true });
      this.#note(value, start);
      map[key] = value;
    }
    return map;
  }

  #list(indent: number): Json {
    const list: Json[] = [];
    for (let line = this.#at(indent); line && isItem(line); line = this.#at(indent)) {
      const rest = line.text.slice(1).replace(/^ +/, '');
      const column = line.indent + line.text.length - rest.length + 1;
      if (isItem({ indent, text: rest }) || KEY.test(rest)) {
        const start = { line: this.#line, column };
        // A list or map that starts behind the dash: as if the dash were a blank.
        this.#current = { indent: column - 1, text: rest };
        const value = this.#block(column - 1);
        this.#note(value, start);
        list.push(value);
      } else {
        const { value, start } = this.#value({ rest, column, indent, inMap: false });
        this.#note(value, start);
        list.push(value);
      }
    }
    return list;
  }

  /** The current line if it belongs to a block of this indentation. One that fits no block is left for document(). */
  #at(indent: number): Line | undefined {
    return this.#current?.indent === indent ? this.#current : undefined;
  }

  #value(args: { rest: string; column: number; indent: number; inMap: boolean }): { value: Json; start: Start } {
    const { rest, column, indent, inMap } = args;
    const [, tag, argument = ''] = TAG.exec(rest) ?? [];
    if (tag !== undefined) {
      // Two tags are none of YAML; a comment or nothing behind a tag would be an empty text.
      if (/^[!#]/.test(argument)) throw NOT_CLEAN;
      const inner = { ...args, rest: argument, column: column + rest.length - argument.length };
      const { value, start } = this.#value(inner);
      if (value === null) throw NOT_CLEAN;
      this.#note(value, start);
      return { value: tagValue(tag, value), start };
    }
    const start = { line: this.#line, column };
    if (rest === '|' || rest === '|-') return { value: this.#literal(indent, rest), start };
    this.#advance();
    if (rest !== '') {
      const note = (value: Json, at: number) => this.#note(value, { line: start.line, column: at });
      // A plain text that goes on in the next line is found by its indentation.
      return { value: readInline({ text: rest, column, note }), start };
    }
    const inner = this.#current;
    const isNested = inner && (inner.indent > indent || (inMap && inner.indent === indent && isItem(inner)));
    if (!isNested) return { value: null, start };
    const nested = { line: this.#line, column: inner.indent + 1 };
    return { value: this.#block(inner.indent), start: nested };
  }

  /** A literal text; the current line is the one with its `|`. */
  #literal(indent: number, header: '|' | '|-'): string {
    const first = this.#lines[this.#next] ?? '';
    const inner = first.length - first.replace(/^ +/, '').length;
    if (first.length === inner || inner <= indent) throw NOT_CLEAN;
    const content: string[] = [];
    for (; this.#next < this.#lines.length; this.#next += 1) {
      const raw = this.#lines[this.#next] ?? '';
      const isBlank = /^ *$/.test(raw);
      const own = raw.length - raw.replace(/^ +/, '').length;
      if (!isBlank && own <= indent) break;
      if (!isBlank && own < inner) throw NOT_CLEAN;
      content.push(raw.slice(inner));
    }
    this.#advance();
    const text = content.join('\n').replace(/\n+$/, '');
    return cleanText(header === '|' ? `${text}\n` : text);
  }
}

function isItem(line: Line | undefined): boolean {
  return line !== undefined && (line.text === '-' || line.text.startsWith('- '));
}
