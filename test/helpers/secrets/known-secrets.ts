/**
 * Secrets that a test has made, and what secrets look like. A line may hold neither; nor a part of a known one that is long enough
 * to help anybody.
 */

/** Characters of a known secret that are too many. */
const PART = 16;
const WORD = /[\w-]{20,}/g;

/** Shared by everything in the process: a module may be there twice after `vi.resetModules`. */
const shared = globalThis as { [PARTS]?: Set<string> };
const PARTS = Symbol.for('edgepass known parts of secrets');

function parts(): Set<string> {
  shared[PARTS] ??= new Set();
  return shared[PARTS];
}

/** Notes the long words of a text as secret: keys, or a document with keys in it. Gives the text. */
export function secret<Text extends string>(text: Text): Text {
  for (const [word] of text.matchAll(WORD)) {
    note(word);
    // 32 bytes, as somebody else would print them.
    if (word.length !== 43) continue;
    const bytes = Buffer.from(word, 'base64url');
    note(bytes.toString('hex'));
    note(bytes.toString('base64').replace(/[^\w-]/g, '-'));
  }
  return text;
}

function note(word: string): void {
  const known = parts();
  // The document was seen before.
  if (known.has(word.slice(0, PART)) && known.has(word.slice(-PART))) return;
  for (const part of partsOf(word)) known.add(part);
}

function* partsOf(word: string): Generator<string> {
  for (let at = 0; at + PART <= word.length; at++) yield word.slice(at, at + PART);
}

/** What secrets look like, whoever made them. */
const SHAPES: readonly [what: string, shape: RegExp][] = [
  ['a token', /eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]{16,}/],
  // 32 bytes in base64url: 43 characters, the last of which stands for four bits. Digests are written in hexadecimal.
  ['a key', /(?<![\w+/-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{42}[AEIMQUYcgkosw048](?![\w+/=-])/],
  ['a record of keys', /\b(?:sign|bind)\\*["']?: ?\\*["'][\w-]{8}/],
  ['the edge state', /\bep1 \d+ \d{10} [-er]\d{10} /],
];

/** What secret a line holds, in words; undefined when it holds none. */
export function secretIn(line: string): string | undefined {
  const [what] = SHAPES.find(([, shape]) => shape.test(line)) ?? [];
  if (what !== undefined) return what;
  const known = parts();
  if (known.size === 0) return undefined;
  // In standard base64 two characters are others.
  for (const [word] of line.replace(/[+/]/g, '-').matchAll(/[\w-]{16,}/g))
    for (const part of partsOf(word)) if (known.has(part)) return 'a known secret';
  return undefined;
}
