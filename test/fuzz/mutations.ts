/** Random changes to a text and to a tree of plain data. */
import fc from 'fast-check';

type Tree = null | boolean | number | string | Tree[] | { [key: string]: Tree };

const PIECES = [
  '\t',
  '\n',
  ' ',
  ':',
  '- ',
  '[',
  ']',
  '{',
  '}',
  '"',
  "'",
  '#',
  '&a',
  '*a',
  '!t ',
  '|',
  '>',
  '<<: ',
  '---\n',
  '\u0000',
  '\u2028',
  '\ud800',
  '💥',
  '012',
  '0x1',
  '~',
  'null',
  'true',
  '.inf',
  '2026-01-01',
  '__proto__: ',
  '${x}',
  '{{y}}',
  '</script>',
];

/** Deletes, doubles, swaps and inserts characters and lines; up to three changes. */
export function mutateText(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    kind: fc.constantFrom('delete', 'insert', 'replace', 'double', 'drop-line', 'swap-lines', 'indent', 'cut'),
    at: fc.nat(text.length),
    size: fc.integer({ min: 1, max: 12 }),
    piece: fc.constantFrom(...PIECES),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce((current, c) => applyText(current, c), text));
}

function applyText(
  text: string,
  { kind, at, size, piece }: { kind: string; at: number; size: number; piece: string },
): string {
  const lines = text.split('\n');
  const line = text.slice(0, at).split('\n').length - 1;
  switch (kind) {
    case 'delete':
      return text.slice(0, at) + text.slice(at + size);
    case 'insert':
      return text.slice(0, at) + piece + text.slice(at);
    case 'replace':
      return text.slice(0, at) + piece + text.slice(at + size);
    case 'double':
      return text.slice(0, at + size) + text.slice(at);
    case 'drop-line':
      return lines.filter((_, index) => index !== line).join('\n');
    case 'swap-lines':
      return lines
        .map((own, index) =>
          index === line ? (lines[index + 1] ?? own) : index === line + 1 ? (lines[index - 1] ?? own) : own,
        )
        .join('\n');
    case 'indent':
      return lines.map((own, index) => (index === line ? ' '.repeat(size) + own : own)).join('\n');
    default:
      return text.slice(0, at);
  }
}

const VALUES: Tree[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e21,
  12,
  64,
  '',
  'x',
  '/',
  '/a/',
  '/live/',
  '4h',
  '1s',
  '0s',
  '9999999d',
  'off',
  'report',
  'path',
  'cookie',
  'FR',
  '*',
  'https://a.example.com',
  'a.example.com',
  'b.s3.eu-west-1.amazonaws.com',
  [],
  {},
  [[]],
  ['/a/'],
  ['FR'],
  ['user-agent'],
  { a: 'b' },
  'x'.repeat(5000),
  '<script>',
  '\u2028${AWS::Region}',
];
const KEYS = [
  'attach',
  'bind',
  'carriage',
  'cities',
  'constructor',
  'countries',
  'credentials',
  'domains',
  'exclude',
  'hosts',
  'maxLifetime',
  'mode',
  'origin',
  'plan',
  'session',
  'tags',
  'toString',
  'unmatched',
  'v4',
  'waf',
  '__proto__',
];

/** Replaces, removes, renames and adds nodes anywhere in the tree; up to four changes. */
export function mutateTree(tree: Tree): fc.Arbitrary<Tree> {
  const change = fc.record({
    target: fc.nat(),
    kind: fc.constantFrom('value', 'remove', 'rename', 'add', 'steal'),
    value: fc.nat(VALUES.length - 1),
    key: fc.nat(KEYS.length - 1),
    other: fc.nat(),
  });
  return fc.array(change, { minLength: 1, maxLength: 4 }).map((changes) => {
    const copy = structuredClone(tree);
    for (const c of changes) applyTree(copy, c);
    return copy;
  });
}

function applyTree(
  tree: Tree,
  change: { target: number; kind: string; value: number; key: number; other: number },
): void {
  const slots = slotsOf(tree);
  const slot = slots[change.target % slots.length];
  const key = KEYS[change.key] ?? 'x';
  const value = structuredClone(VALUES[change.value] ?? null);
  if (slot === undefined) return;
  const { holder, name } = slot;
  const define = (at: string | number, what: Tree): void =>
    void Object.defineProperty(holder, at, { value: what, writable: true, enumerable: true, configurable: true });
  if (change.kind === 'value') define(name, value);
  else if (change.kind === 'steal') define(name, structuredClone(slots[change.other % slots.length]?.value ?? null));
  else if (Array.isArray(holder)) holder.push(value);
  else if (change.kind === 'add') define(key, value);
  else {
    delete holder[String(name)];
    if (change.kind === 'rename') define(key, slot.value);
  }
}

interface Slot {
  holder: Tree[] | { [key: string]: Tree };
  name: string | number;
  value: Tree;
}

function slotsOf(tree: Tree): Slot[] {
  if (typeof tree !== 'object' || tree === null) return [];
  return Object.entries(tree).flatMap(([name, value]) => [{ holder: tree, name, value }, ...slotsOf(value)]);
}
