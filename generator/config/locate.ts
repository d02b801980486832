/** From a JSON pointer to the characters its author typed. */
import { isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';
import type { Place } from '../report/diagnostic.ts';
import { placeOf, type SourceDocument } from './load.ts';

/** Splits an RFC 6901 pointer. */
export function pointerParts(pointer: string): string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replace(/~1/g, '/').replace(/~0/g, '~'));
}

/** Appends one member name or index to a pointer. */
export function pointerTo(pointer: string, part: string | number): string {
  return `${pointer}/${String(part).replace(/~/g, '~0').replace(/\//g, '~1')}`;
}

/**
 * Place of a key or of a value; where the pointer leads nowhere, place of the deepest key that exists.
 * A collection's value is shown by its key: underlining a whole block helps nobody.
 */
export function locate(source: SourceDocument, pointer: string, what: 'key' | 'value' = 'value'): Place {
  let node: unknown = source.document.contents;
  let pair: Pair | undefined;
  let complete = true;
  for (const part of pointerParts(pointer)) {
    if (isMap(node)) {
      const next: Pair | undefined = node.items.find((item) => isPair(item) && keyText(item.key) === part);
      if (next === undefined) {
        complete = false;
        break;
      }
      pair = next;
      node = next.value;
    } else if (isSeq(node) && node.items[Number(part)] !== undefined) {
      node = node.items[Number(part)];
      pair = undefined;
    } else {
      complete = false;
      break;
    }
  }
  const value = node as Node | null;
  const useValue = complete && what === 'value' && (isScalar(value) || pair === undefined) && value?.range;
  const range = useValue ? value.range : ((pair?.key as Node | undefined)?.range ?? value?.range);
  if (!range) return { file: source.file, line: 1, column: 1 };
  return placeOf(source, range[0], range[1]);
}

/** What the author typed for a scalar, before YAML gave it a type. */
export function sourceText(source: SourceDocument, pointer: string): string | undefined {
  const node: unknown = source.document.getIn(pointerParts(pointer).map(indexOrKey), true);
  return isScalar(node) ? (node.source ?? undefined) : undefined;
}

function indexOrKey(part: string): string | number {
  return /^(0|[1-9][0-9]*)$/.test(part) ? Number(part) : part;
}

function keyText(key: unknown): string {
  return isScalar(key) ? String(key.value ?? '') : String(key);
}
