/**
 * The expressions of DynamoDB that this project uses: conditions, and SET, REMOVE and ADD (of numbers) of updates. Grammar: DynamoDB Developer
 * Guide, "Condition and filter expressions" and "Update expressions".
 */
import { AwsError } from '../errors.ts';

/** A value as it goes over the wire: `{S: …}`, `{N: …}` and so on. */
export type Value = Readonly<Record<string, unknown>>;
export type Item = Record<string, Value>;

export interface Placeholders {
  names?: Readonly<Record<string, string>> | undefined;
  values?: Readonly<Record<string, Value>> | undefined;
}

const TOKEN = /\s*(<=|>=|<>|[=<>(),]|:\w+|#\w+|[A-Za-z_]\w*)/y;
const WORDS = new Set(['AND', 'OR', 'NOT', 'BETWEEN', 'SET', 'REMOVE', 'ADD']);
/** Of the reserved words of DynamoDB those that anything here is called by. */
const RESERVED = new Set(['MODE', 'STATE', 'TYPE', 'TTL', 'DATA', 'NAME', 'STATUS', 'TIMESTAMP', 'COUNT', 'SESSION']);

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

class Reader {
  readonly #tokens: string[] = [];
  readonly #placeholders: Placeholders;
  #at = 0;

  constructor(text: string, placeholders: Placeholders) {
    this.#placeholders = placeholders;
    TOKEN.lastIndex = 0;
    let from = 0;
    while (from < text.trimEnd().length) {
      TOKEN.lastIndex = from;
      const found = TOKEN.exec(text);
      if (found === null) throw invalid(`Invalid expression: syntax error at ${text.slice(from, from + 20)}`);
      this.#tokens.push(found[1] as string);
      from = TOKEN.lastIndex;
    }
  }

  peek(): string | undefined {
    const token = this.#tokens[this.#at];
    return token !== undefined && WORDS.has(token.toUpperCase()) ? token.toUpperCase() : token;
  }

  take(expected?: string): string {
    const token = this.peek();
    if (token === undefined || (expected !== undefined && token !== expected))
      throw invalid(`Invalid expression: expected ${expected ?? 'more'}, found ${token ?? 'the end'}`);
    this.#at += 1;
    return token;
  }

  name(): string {
    const token = this.take();
    if (token.startsWith('#')) {
      const name = this.#placeholders.names?.[token];
      if (name === undefined) throw invalid(`An expression attribute name used is not defined: ${token}`);
      return name;
    }
    if (RESERVED.has(token.toUpperCase())) throw invalid(`Attribute name is a reserved keyword: ${token}`);
    return token;
  }

  value(): Value {
    const token = this.take();
    const value = this.#placeholders.values?.[token];
    if (value === undefined) throw invalid(`An expression attribute value used is not defined: ${token}`);
    return value;
  }

  end(): void {
    if (this.peek() !== undefined) throw invalid(`Invalid expression: unexpected ${this.peek()}`);
  }
}

/** Whether an item (none: `{}`) meets a condition. */
export function meets(text: string, { item, ...placeholders }: { item: Item } & Placeholders): boolean {
  const reader = new Reader(text, placeholders);
  const met = anyOf(reader, item);
  reader.end();
  return met;
}

function anyOf(reader: Reader, item: Item): boolean {
  let met = allOf(reader, item);
  while (reader.peek() === 'OR') {
    reader.take();
    met = allOf(reader, item) || met;
  }
  return met;
}

function allOf(reader: Reader, item: Item): boolean {
  let met = one(reader, item);
  while (reader.peek() === 'AND') {
    reader.take();
    met = one(reader, item) && met;
  }
  return met;
}

function one(reader: Reader, item: Item): boolean {
  if (reader.peek() === 'NOT') {
    reader.take();
    return !one(reader, item);
  }
  if (reader.peek() === '(') {
    reader.take();
    const met = anyOf(reader, item);
    reader.take(')');
    return met;
  }
  const word = reader.peek();
  if (word === 'attribute_exists' || word === 'attribute_not_exists') {
    reader.take();
    reader.take('(');
    const name = reader.name();
    reader.take(')');
    return name in item === (word === 'attribute_exists');
  }
  const left = item[reader.name()];
  const operator = reader.take();
  const right = reader.value();
  if (operator === 'BETWEEN') {
    reader.take('AND');
    const upper = reader.value();
    return compare(left, right, (c) => c >= 0) && compare(left, upper, (c) => c <= 0);
  }
  const test = COMPARISONS[operator];
  if (test === undefined) throw invalid(`Invalid operator: ${operator}`);
  if (operator === '<>' && left === undefined) return true;
  return compare(left, right, test);
}

const COMPARISONS: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (c) => c === 0,
  '<>': (c) => c !== 0,
  '<': (c) => c < 0,
  '<=': (c) => c <= 0,
  '>': (c) => c > 0,
  '>=': (c) => c >= 0,
};

/** Values of different types are in no order; what is absent meets no comparison. */
function compare(left: Value | undefined, right: Value, test: (order: number) => boolean): boolean {
  if (left === undefined || Object.keys(left)[0] !== Object.keys(right)[0]) return false;
  return test(order(left, right));
}

/** Order of two values of one type: numbers by size, strings by their bytes. */
export function order(left: Value, right: Value): number {
  if ('N' in left) return Number(left.N) - Number(right.N);
  return Buffer.compare(Buffer.from(String(left.S)), Buffer.from(String(right.S)));
}

/** Carries out an update expression; the item is changed. */
export function update(text: string, { item, ...placeholders }: { item: Item } & Placeholders): void {
  const reader = new Reader(text, placeholders);
  const before = { ...item };
  while (reader.peek() !== undefined) {
    const clause = reader.take();
    if (clause !== 'SET' && clause !== 'REMOVE' && clause !== 'ADD')
      throw invalid(`Invalid UpdateExpression: ${clause}`);
    do {
      if (reader.peek() === ',') reader.take();
      const name = reader.name();
      if (clause === 'REMOVE') delete item[name];
      else if (clause === 'ADD') item[name] = { N: String(Number(before[name]?.N ?? 0) + Number(reader.value().N)) };
      else {
        reader.take('=');
        item[name] = operand(reader, before);
      }
    } while (reader.peek() === ',');
  }
}

function operand(reader: Reader, item: Item): Value {
  if (reader.peek() !== 'if_not_exists') return reader.value();
  reader.take();
  reader.take('(');
  const known = item[reader.name()];
  reader.take(',');
  const value = reader.value();
  reader.take(')');
  return known ?? value;
}
