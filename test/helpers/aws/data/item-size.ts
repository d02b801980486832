/** Bytes of an item as DynamoDB counts them. Source: DynamoDB Developer Guide, "DynamoDB item sizes and formats". */
import type { Item, Value } from './expressions.ts';

export function bytesOf(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + bytesOfValue(value), 0);
}

function bytesOfValue(value: Value): number {
  if ('N' in value) return Math.ceil(String(value.N).replace(/[-.]/g, '').length / 2) + 1;
  if ('S' in value) return Buffer.byteLength(String(value.S));
  if ('BOOL' in value || 'NULL' in value) return 1;
  // Sets, lists and maps are not used: about what their text has.
  return JSON.stringify(value).length;
}
