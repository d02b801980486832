/** Changes of the token's text: JSON before it is signed, segments before they are signed, and the finished token. */
import { encode } from '../helpers/sign.ts';
import { SESSION } from '../runtime/base/world.ts';
import { type Change, damage } from './change.ts';
import type { Random } from './random.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const JSON_PIECES = [
  '"',
  ' ',
  ',',
  '{',
  '}',
  '[',
  ']',
  ':',
  '\n',
  '\t',
  '\\',
  '\\u0065',
  '\\/',
  '\u0000',
  '\u00e9',
  '\u2028',
  '\ufeff',
  '1',
  '9',
  'e5',
  '-',
  'null',
  'true',
  '"exp":1,',
  '"__proto__":{},',
];
const SPACES = [' ', '\n', '\t', '\r\n', '  '];
const space = (text: string, r: Random): string =>
  text.replace(/(?<=[{,:[])|(?=[\]},])/g, () => (r.chance(0.3) ? r.pick(SPACES) : ''));
const escapes = (text: string, r: Random): string =>
  text.replace(/(?<=")[a-z]/g, (c) => (r.chance(0.5) ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c));

/** Applies a change to one of the parts between dots. */
function part(text: string, r: Random, change: (piece: string) => string): string {
  const parts = text.split('.');
  const at = r.int(parts.length);
  return parts.map((piece, index) => (index === at ? change(piece) : piece)).join('.');
}

export const textChanges: Change[] = [
  { name: 'spaces in the JSON', apply: (d, r) => void d.edits.json.push((text) => space(text, r)) },
  { name: 'escapes in the JSON', apply: (d, r) => void d.edits.json.push((text) => escapes(text, r)) },
  { name: 'escaped slashes', apply: (d) => void d.edits.json.push((text) => text.replaceAll('/', '\\/')) },
  { name: 'JSON damaged', apply: (d, r) => void d.edits.json.push((text) => damage(text, r, JSON_PIECES)) },
  {
    name: 'JSON with something around it',
    apply: (d, r) =>
      void d.edits.json.push((text) =>
        r.pick([
          `${text} `,
          ` ${text}`,
          `${text}\n`,
          `${text}x`,
          `[${text}]`,
          `\ufeff${text}`,
          `${text}\u0000`,
          JSON.stringify(text),
        ]),
      ),
  },
  { name: 'a member twice', apply: (d, r) => void d.edits.json.push((text) => twice(text, r)) },
  { name: 'segments damaged, then signed', apply: (d, r) => void d.edits.segment.push((text) => damage(text, r)) },
  {
    name: 'a segment padded, then signed',
    apply: (d, r) =>
      void d.edits.segment.push((text) =>
        part(text, r, (piece) => piece + r.pick(['=', '==', 'A', 'AA', 'AAAA', '.'])),
      ),
  },
  {
    name: 'the other alphabet, then signed',
    apply: (d) => void d.edits.segment.push((text) => text.replaceAll('-', '+').replaceAll('_', '/')),
  },
  {
    name: 'stray bits in a segment, then signed',
    apply: (d, r) => void d.edits.segment.push((text) => part(text, r, (piece) => stray(piece, r))),
  },
];

function twice(text: string, r: Random): string {
  const member = r.pick([
    '"exp":1',
    '"iat":"x"',
    '"paths":["/"]',
    '"aud":"acme/prod"',
    '"aud":"acme/test"',
    '"ssn":null',
    '"co":["FR"]',
    '"sub":1',
    '"exc":["/ads/"]',
  ]);
  return r.chance(0.5) ? text.replace(/^\{/, () => `{${member},`) : text.replace(/\}$/, () => `,${member}}`);
}

function stray(piece: string, r: Random): string {
  return piece.slice(0, -1) + ALPHABET[(ALPHABET.indexOf(piece.at(-1) as string) ^ (1 + r.int(3))) & 63];
}

export const tokenChanges: Change[] = [
  { name: 'token damaged', apply: (d, r) => void d.edits.token.push((text) => damage(text, r)) },
  { name: 'one character of the token', apply: (d, r) => void d.edits.token.push((text) => swap(text, r)) },
  {
    name: 'stray bits in the token',
    apply: (d, r) => void d.edits.token.push((text) => part(text, r, (piece) => stray(piece, r))),
  },
  {
    name: 'token cut',
    apply: (d, r) => void d.edits.token.push((text) => text.slice(0, -1 - r.int(r.chance(0.7) ? 6 : text.length))),
  },
  {
    name: 'token longer',
    apply: (d, r) =>
      void d.edits.token.push(
        (text) => text + r.pick(['A', '=', '.', '.A', 'AAAA', '%20', '\n', '/', '~', '.m3u8', ALPHABET]),
      ),
  },
  {
    name: 'parts of the token in another order',
    apply: (d, r) => void d.edits.token.push((text) => r.shuffle(text.split('.')).join('.')),
  },
  {
    name: 'a part doubled',
    apply: (d, r) => void d.edits.token.push((text) => part(text, r, (piece) => `${piece}.${piece}`)),
  },
  { name: 'a part emptied', apply: (d, r) => void d.edits.token.push((text) => part(text, r, () => '')) },
  {
    name: 'another payload',
    apply: (d, r) =>
      void d.edits.token.push((text) =>
        text.replace(/\.[^.]*\.(?=[^.]*$)/, () => `.${encode({ ...d.claims, exp: r.pick([1, 4e12]) })}.`),
      ),
  },
  { name: 'unsigned', apply: (d) => void d.edits.token.push((text) => text.replace(/[^.]*$/, '')) },
  {
    name: 'another session in front',
    apply: (d, r) => {
      d.session = r.pick([SESSION, 'y'.repeat(22), '', null, 's'.repeat(15), 's'.repeat(65)]);
    },
  },
  {
    name: 'very long',
    apply: (d, r) => {
      d.claims.pad = 'p'.repeat(1000 + r.int(1000));
    },
  },
];

function swap(text: string, r: Random): string {
  const at = r.int(text.length);
  return text.slice(0, at) + ALPHABET[r.int(64)] + text.slice(at + 1);
}
