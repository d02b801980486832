/** JSON at its edges, in the payload: what is JSON and names the claims is accepted, what is not is refused. */
import { claims, NOW, token } from '../../runtime/base/world.ts';
import { at, each, type Family, good, jsonWith, MALFORMED, PASS, withClaims, withPayload } from '../build.ts';

const text = JSON.stringify(good);
const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Buffer.concat(parts.map((part) => Buffer.from(part as string)));
/** The good payload with a further member whose string value is these bytes. */
const member = (value: number[]): Uint8Array => bytes(`${text.slice(0, -1)},"sub":"`, value, '"}');
const nested = (depth: number, [open, close]: [string, string]): string =>
  jsonWith(/\}$/, `,"sub":${open.repeat(depth)}1${close.repeat(depth)}}`);

export const jsonText: Family[] = [
  {
    attack: 'text around the claims',
    cases: [
      ...each(
        MALFORMED,
        [
          'x',
          '}',
          '{}',
          ',',
          ';',
          '//',
          '/**/',
          '\u0000',
          '\u00a0',
          '\u2028',
          '\ufeff',
          '\v',
          '\f',
          'null',
          '"',
          ']',
          ')]}',
        ].flatMap((piece): [string, ReturnType<typeof withPayload>][] => [
          [`${JSON.stringify(piece)} behind`, withPayload(text + piece)],
          [`${JSON.stringify(piece)} in front`, withPayload(piece + text)],
        ]),
      ),
      ...each(
        PASS,
        [' ', '\t', '\n', '\r\n', ' \n\t\r'].flatMap((piece): [string, ReturnType<typeof withPayload>][] => [
          [`${JSON.stringify(piece)} behind`, withPayload(text + piece)],
          [`${JSON.stringify(piece)} in front`, withPayload(piece + text)],
          [`${JSON.stringify(piece)} between`, withPayload(text.replace(/[:,{}[\]]/g, (c) => piece + c + piece))],
        ]),
      ),
      ['a byte order mark, UTF-16', withPayload(Buffer.from(`\ufeff${text}`, 'utf16le')), MALFORMED],
      ['UTF-16', withPayload(Buffer.from(text, 'utf16le')), MALFORMED],
      ['indented', withPayload(JSON.stringify(good, null, '\t')), PASS],
    ],
  },
  {
    attack: 'a payload that is no object',
    cases: each(
      MALFORMED,
      [
        'null',
        'true',
        'false',
        '0',
        '1800000600',
        '""',
        '"{}"',
        '[]',
        '{}',
        '{',
        '[',
        '"',
        ' ',
        'undefined',
        'NaN',
        'e',
        'JWT',
      ]
        .concat([`[${text}]`, `{"claims":${text}}`, JSON.stringify(text), `{"0":${text}}`, `(${text})`, `{${text}}`])
        .map((content) => [content.slice(0, 40), withPayload(content)]),
    ),
  },
  {
    attack: 'JSON that is nearly JSON',
    cases: each(
      MALFORMED,
      [
        ['a comma too many', text.replace(/\}$/, ',}')],
        ['a comma too few', text.replace(',"exp"', '"exp"')],
        ['two commas', text.replace(',"exp"', ',,"exp"')],
        ['a comma in a list', text.replace('["/vod/"]', '["/vod/",]')],
        ['a hole in a list', text.replace('["/vod/"]', '[,"/vod/"]')],
        ['a colon too few', text.replace('"iat":', '"iat"')],
        ['single quotes', text.replaceAll('"', "'")],
        ['no quotes', text.replace('"exp"', 'exp')],
        ['a comment', text.replace(',"exp"', ',/* */"exp"')],
        ['a line comment', text.replace(',"exp"', ',//\n"exp"')],
        ['True', text.replace(/\}$/, ',"sub":True}')],
        ['a raw tab in a string', text.replace(/\}$/, ',"sub":"a\tb"}')],
        ['a raw newline in a string', text.replace(/\}$/, ',"sub":"a\nb"}')],
        ['a raw NUL in a string', text.replace(/\}$/, ',"sub":"a\u0000b"}')],
        ['a raw 0x1F in a string', text.replace(/\}$/, ',"sub":"a\u001fb"}')],
        ['an escape that is none', text.replace(/\}$/, ',"sub":"\\x41"}')],
        ['an escape of a quote', text.replace(/\}$/, `,"sub":"\\'"}`)],
        ['half an escape', text.replace(/\}$/, ',"sub":"\\u12"}')],
        ['an octal escape', text.replace(/\}$/, ',"sub":"\\101"}')],
        ['an open string', text.replace(/\}$/, ',"sub":"a}')],
        ['an open object', text.slice(0, -1)],
        ['a wrong bracket', text.replace('["/vod/"]', '["/vod/"}')],
      ].map(([name, content]) => [name as string, withPayload(content as string)]),
    ),
  },
  {
    attack: 'claims and values by escapes are the same claims and values',
    cases: each(PASS, [
      ['exp', withPayload(jsonWith('"exp"', '"\\u0065\\u0078\\u0070"'))],
      ['paths', withPayload(jsonWith('"paths"', '"p\\u0061ths"'))],
      ['the prefix', withPayload(jsonWith('"/vod/"', '"\\/vod\\/"'))],
      ['the prefix, by number', withPayload(jsonWith('"/vod/"', '"\\u002fv\\u006Fd\\u002F"'))],
      ['the audience', withPayload(jsonWith('"acme/test"', '"acme\\/t\\u0065st"'))],
      ['all of it', withPayload(text.replace(/[a-z]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`))],
    ]),
  },
  {
    attack: 'text beyond ASCII in claims nobody reads',
    cases: each(PASS, [
      ['umlauts', withClaims({ sub: 'J\u00fcrgen Gro\u00df' })],
      ['two bytes each', withClaims({ sub: '\u07ff'.repeat(60) })],
      ['three bytes each', withClaims({ sub: '\u65e5\u672c\u8a9e'.repeat(20) })],
      ['four bytes each', withClaims({ sub: '\u{1f3ac}\u{10ffff}'.repeat(20) })],
      ['NUL by an escape', withClaims({ sub: 'a\u0000b' })],
      ['a pair by escapes', withPayload(jsonWith(/\}$/, ',"sub":"\\ud83c\\udfac"}'))],
      ['a lone high half by an escape', withPayload(jsonWith(/\}$/, ',"sub":"\\ud800"}'))],
      ['a lone low half by an escape', withPayload(jsonWith(/\}$/, ',"sub":"\\udc00x"}'))],
      ['halves the wrong way round', withPayload(jsonWith(/\}$/, ',"sub":"\\udc00\\ud800"}'))],
      ['line separators', withClaims({ sub: '\u2028\u2029\u0085' })],
      ['a byte order mark inside', withClaims({ sub: '\ufeff' })],
      ['noncharacters', withClaims({ sub: '\ufffe\uffff' })],
      ['Latin-1 letters only', withClaims({ sub: '\u00ff\u00fe\u00e9' })],
    ]),
  },
  {
    attack: 'nesting and many members, in claims nobody reads',
    cases: each(PASS, [
      ['16 lists', withPayload(nested(16, ['[', ']']))],
      ['16 objects', withPayload(nested(16, ['{"a":', '}']))],
      ['100 members', withClaims(Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`m${i}`, i])))],
      ['a list of 200', withClaims({ sub: Array.from({ length: 200 }, (_, i) => i % 10) })],
      ['the longest number', withPayload(jsonWith(/\}$/, `,"sub":${'9'.repeat(300)}}`))],
      ['the smallest number', withPayload(jsonWith(/\}$/, ',"sub":5e-324,"jti":-1e-999}'))],
      ['the largest number and beyond', withPayload(jsonWith(/\}$/, ',"sub":1.7976931348623157e308,"jti":1e400}'))],
      ['empty names', withPayload(jsonWith(/\}$/, ',"":1,"":2}'))],
    ]),
  },
  {
    attack: 'bytes that are no UTF-8',
    cases: [
      ...each(MALFORMED, [
        ['for a claim', withPayload(bytes('{"', [0xff], text.slice(2)))],
        ['in front', withPayload(bytes([0x80], text))],
        [
          'in the name of exp',
          withPayload(bytes(text.split('"exp"')[0] as string, '"exp', [0xc3], '"', text.split('"exp"')[1] as string)),
        ],
        ['only such bytes', withPayload(bytes([0x7b, 0xc0, 0xaf, 0x7d]))],
      ]),
      // The signature covers the bytes; in a claim that nobody reads no decoder's choice changes a verdict.
      ...each(PASS, [
        ['a continuation in sub', withPayload(member([0x80]))],
        ['an overlong slash in sub', withPayload(member([0xc0, 0xaf]))],
        ['half a character in sub', withPayload(member([0xe2, 0x82]))],
        ['a surrogate in sub', withPayload(member([0xed, 0xa0, 0x80]))],
        ['beyond Unicode in sub', withPayload(member([0xf4, 0x90, 0x80, 0x80]))],
        ['0xFF in sub', withPayload(member([0xff, 0xfe]))],
      ]),
    ],
  },
  {
    attack: 'what other libraries write',
    cases: each(PASS, [
      ['members in another order', at(token(Object.fromEntries(Object.entries(good).reverse())))],
      ['members by the alphabet', at(token(Object.fromEntries(Object.entries(good).sort())))],
      [
        'registered claims nobody asked for',
        withClaims({ iss: 'https://cms.example', sub: 'u1', jti: 'j1', nbf: NOW - 60 }),
      ],
      ['private claims', withClaims({ 'https://example.com/roles': ['a'], tenant: 7, admin: true })],
      ['Python: blanks behind , and :', withPayload(text.replaceAll(/([:,])(?=["[\d])/g, '$1 '))],
      ['Go: escaped <, > and &', withPayload(jsonWith(/\}$/, ',"sub":"\\u003ca\\u003e\\u0026"}'))],
      ['PHP: escaped slashes', withPayload(text.replaceAll('/', '\\/'))],
      ['audience as a list', at(token(claims(['/vod/'], { aud: ['acme/test'] })))],
      ['audience as a list of several', at(token(claims(['/vod/'], { aud: ['x/y', 'acme/test', 'z'] })))],
      ['the same audience twice', at(token(claims(['/vod/'], { aud: ['acme/test', 'acme/test'] })))],
      ['the same path twice', at(token(claims(['/vod/', '/vod/'])))],
    ]),
  },
];
