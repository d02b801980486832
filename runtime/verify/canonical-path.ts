import { quote } from './words.ts';

/** Longest path, in characters. */
export const LONGEST_PATH = 8192;

const RAW = new Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@");
/** What may not stand raw and so has its escape. Neither `;` nor `%` nor `\` nor a control character has any spelling. */
const ESCAPED = new Set(' "#<>?[]^`{|}');
const HEX = new Set('0123456789ABCDEF');

/** What is wrong with an escape, given its two digits; `''` when nothing is. */
function escapeFault(digits: string): string {
  const [high, low] = [...digits];
  if (high === undefined || low === undefined) return 'has an escape that is cut short';
  if (!HEX.has(high) || !HEX.has(low)) return 'has an escape that is not two upper-case hexadecimal digits';
  const byte = Number.parseInt(digits, 16);
  if (byte >= 0x80 || ESCAPED.has(String.fromCharCode(byte))) return '';
  return `has the escape %${digits} of a character that has no escaped spelling`;
}

function isUtf8(bytes: number[]): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
    return true;
  } catch {
    return false;
  }
}

function segmentFault(segment: string): string {
  if (segment === '.' || segment === '..') return `has a ${quote(segment)} segment`;
  const bytes: number[] = [];
  for (let at = 0; at < segment.length; at++) {
    const character = segment.charAt(at);
    if (character === '%') {
      const digits = segment.slice(at + 1, at + 3);
      const fault = escapeFault(digits);
      if (fault !== '') return fault;
      bytes.push(Number.parseInt(digits, 16));
      at += 2;
    } else if (RAW.has(character)) {
      bytes.push(character.charCodeAt(0));
    } else {
      return `has the character ${quote(character)}, which may not stand in it`;
    }
  }
  return isUtf8(bytes) ? '' : 'has escapes that are not UTF-8';
}

/** What keeps a path from being in its one spelling, as the rest of a sentence about it; `''` when nothing does. */
export function pathFault(path: string): string {
  const [front, ...segments] = path.split('/');
  if (front !== '' || segments.length === 0) return 'does not begin with "/"';
  for (const [index, segment] of segments.entries()) {
    // A folder's own path ends with "/", so that the last one may be empty.
    if (segment === '' && index < segments.length - 1) return 'has an empty segment';
    const fault = segmentFault(segment);
    if (fault !== '') return fault;
  }
  return '';
}
