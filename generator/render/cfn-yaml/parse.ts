/**
 * Reads a CloudFormation template in YAML: short-form tags become their long form, everything else is plain JSON.
 * YAML 1.2 core schema, so `2012-10-17` stays a text and `yes` does too. Nearly all templates are read by the quick
 * reader, since the `yaml` package takes ten times as long.
 */
import {
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { Json } from '../../modules/contract.ts';
import type { DiagnosticCode } from '../../report/codes.ts';
import type { Diagnostic, Place } from '../../report/diagnostic.ts';
import { hasMark, markIndex } from '../inserts.ts';
import { type PlaceAt, readClean } from './clean.ts';
import { applyTag } from './intrinsics.ts';

export interface ParsedYaml {
  value: Json | undefined;
  diagnostics: Diagnostic[];
  /** The place of each map and list, by identity: that of the key it stands under. */
  places: WeakMap<object, Place>;
}

const PARSE_OPTIONS = {
  version: '1.2',
  schema: 'core',
  prettyErrors: false,
  logLevel: 'silent',
  // Checked here, with our own wording and place.
  uniqueKeys: false,
  merge: false,
} as const;

/** Parses one document. */
export function parseCfnYaml(text: string, placeAt: PlaceAt): ParsedYaml {
  const clean = readClean(text, placeAt);
  return clean ? { ...clean, diagnostics: [] } : parseAnyYaml(text, placeAt);
}

/** The same by the `yaml` package: for all of YAML, and the only one that reports faults. */
export function parseAnyYaml(text: string, placeAt: PlaceAt): ParsedYaml {
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { ...PARSE_OPTIONS, lineCounter });
  const reader = new Reader(lineCounter, placeAt);
  const { diagnostics, places } = reader;
  for (const error of document.errors) {
    const hint = 'Look at the indentation, and that an inserted value is not part of a longer text.';
    reader.fault(error.pos[0], { code: 'EP4011', message: error.message, hint });
  }
  if (diagnostics.length > 0 || !document.contents) return { value: undefined, diagnostics, places };
  return { value: reader.read(document.contents as Node, 0), diagnostics, places };
}

/** Turns the nodes of a document into JSON, collecting faults and places. */
class Reader {
  readonly diagnostics: Diagnostic[] = [];
  readonly places = new WeakMap<object, Place>();
  readonly #lines: LineCounter;
  readonly #placeAt: PlaceAt;

  constructor(lines: LineCounter, placeAt: PlaceAt) {
    this.#lines = lines;
    this.#placeAt = placeAt;
  }

  fault(at: Node | number, says: { code: DiagnosticCode; message: string; hint: string }): void {
    const offset = typeof at === 'number' ? at : (at.range?.[0] ?? 0);
    this.diagnostics.push({ severity: 'error', ...says, place: this.#placeOf(offset) });
  }

  /** `at` is the offset by which people find the node: that of its key. */
  read(node: Node | null, at: number): Json {
    if (node === null) return null;
    if ('source' in node && !isScalar(node)) return this.#alias(node);
    if ('anchor' in node && node.anchor) return this.#alias(node);
    let value: Json = null;
    if (isScalar(node)) value = this.#scalar(node);
    else if (isMap(node)) value = this.#map(node as YAMLMap<Node, Node | null>, at);
    else if (isSeq(node)) value = this.#list(node as YAMLSeq<Node | null>, at);
    if (node.tag?.startsWith('!')) {
      // The argument of a function is a part of its own.
      this.#note(value, node.range?.[0] ?? at);
      value = this.#call(node, value);
    }
    this.#note(value, at);
    return value;
  }

  #placeOf(offset: number): Place {
    const { line, col } = this.#lines.linePos(offset);
    return this.#placeAt(line, col);
  }

  #note(value: Json, at: number): void {
    if (value !== null && typeof value === 'object') this.places.set(value, this.#placeOf(at));
  }

  #alias(node: Node): null {
    const hint = 'Write the part out.';
    this.fault(node, { code: 'EP4013', message: 'Anchors and aliases are not allowed', hint });
    return null;
  }

  #map(node: YAMLMap<Node, Node | null>, at: number): Json {
    const result: { [key: string]: Json } = {};
    for (const { key, value } of node.items as Pair<Node, Node | null>[]) {
      const name = isScalar(key) && !key.tag ? (key.source ?? String(key.value)) : undefined;
      if (name === undefined || name === '<<' || name === '__proto__') {
        const hint = 'Write the name of the member.';
        this.fault(key ?? at, { code: 'EP4013', message: 'A key must be a plain text', hint });
        continue;
      }
      this.#checkMark(key, name);
      if (Object.hasOwn(result, name)) {
        this.fault(key, { code: 'EP4012', message: `"${name}" is stated twice`, hint: 'Remove one of the two.' });
      }
      result[name] = this.read(value, key.range?.[0] ?? at);
    }
    return result;
  }

  #list(node: YAMLSeq<Node | null>, at: number): Json {
    return node.items.map((item) => this.read(item, item?.range?.[0] ?? at));
  }

  #scalar(node: Scalar): Json {
    const { value, source = '' } = node;
    if (typeof value === 'string') {
      this.#checkMark(node, value);
    } else if (
      typeof value === 'number' &&
      (/^[-+]?0\d/.test(source) || !(Math.abs(value) <= Number.MAX_SAFE_INTEGER))
    ) {
      const message = `${source} would be read as the number ${value}`;
      this.fault(node, { code: 'EP4013', message, hint: 'Put quotes around it.' });
    }
    return value as Json;
  }

  #checkMark(node: Node, text: string): void {
    if (!hasMark(text) || markIndex(text) !== undefined) return;
    const message = 'A value is inserted into the middle of a text';
    const hint = 'Let view() make the whole text, or write !Sub ["${Name}-log", {Name: {{json name}}}].';
    this.fault(node, { code: 'EP4014', message, hint });
  }

  #call(node: Node, value: Json): Json {
    const { call, problem } = applyTag((node.tag ?? '').slice(1), value);
    if (problem) this.fault(node, { code: 'EP4013', ...problem });
    return call;
  }
}
