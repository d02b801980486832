/** Base64url that is not in its one spelling, signed where that makes it harder: engines differ in what they read. */
import { encode, mac } from '../../helpers/sign.ts';
import { K1 } from '../../runtime/base/world.ts';
import {
  ALPHABET,
  at,
  each,
  type Family,
  good,
  HEADER,
  MALFORMED,
  NOT_ALLOWED,
  PASS,
  PATH,
  PAYLOAD,
  SIGNATURE,
  SIGNED,
  signParts,
  vod,
} from '../build.ts';

const sign = (text: string): string => `${HEADER}.${PAYLOAD}.${text}`;
const lastOf = (text: string): number => ALPHABET.indexOf(text.at(-1) as string);
const stray = (text: string, bits: number): string => text.slice(0, -1) + ALPHABET[(lastOf(text) & ~3) + bits];
const inside = (text: string, piece: string, cut = 0): string => text.slice(0, 20) + piece + text.slice(20 + cut);

/** What a lenient decoder passes over, and what it takes for another character. */
const junk = ['+', '*', '!', '~', '=', '==', "'", '(', ')', ',', ':', '@', '$', '&'];
const unsafe = [
  ' ',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u00ad',
  '\u200b',
  '\ufeff',
  '%20',
  '%0A',
  '%3D',
  '%2B',
  '%00',
  '"',
  '\\',
  '<',
  '`',
  '|',
  ';',
  '?',
  '#',
];

/** A payload of 3n+1 and of 3n+2 bytes, the last of whose characters carry unused bits. */
const sized = (over: number): string => {
  let text = JSON.stringify(good);
  while (Buffer.byteLength(text) % 3 !== over) text += ' ';
  return text;
};
const [one, two, none] = [encode(sized(1)), encode(sized(2)), encode(sized(0))];
const strayOne = one.slice(0, -1) + ALPHABET[lastOf(one) + 5];
const strayTwo = two.slice(0, -1) + ALPHABET[lastOf(two) + 1];

export const base64url: Family[] = [
  {
    attack: 'characters inside a segment',
    cases: [
      ...junk.flatMap((piece) =>
        each(MALFORMED, [
          [`${piece} in the payload, signed`, at(signParts(HEADER, inside(PAYLOAD, piece)))],
          [`${piece} in place of one in the payload, signed`, at(signParts(HEADER, inside(PAYLOAD, piece, 1)))],
          [`${piece} in the header, signed`, at(signParts(inside(HEADER, piece), PAYLOAD))],
          [`${piece} in the signature`, at(sign(inside(SIGNED, piece)))],
          [`${piece} in place of one in the signature`, at(sign(inside(SIGNED, piece, 1)))],
          [`${piece} behind the signature`, at(vod + piece)],
        ]),
      ),
      ...unsafe.flatMap((piece) => {
        const name = JSON.stringify(piece);
        // A canonical escape of a blank is a character like any other: of the path, and none of base64url.
        const verdict = piece === '%20' ? MALFORMED : PATH;
        return each(verdict, [
          [`${name} in the payload, signed`, at(signParts(HEADER, inside(PAYLOAD, piece)))],
          [`${name} in the signature`, at(sign(inside(SIGNED, piece)))],
          [`${name} behind the signature`, at(vod + piece)],
          [`${name} in front of the header`, at(piece + vod)],
        ]);
      }),
    ],
  },
  {
    attack: 'padding',
    cases: each(MALFORMED, [
      ['of the header', at(signParts(`${encode('{"alg":"HS256","kid":"key-1" }')}=`, PAYLOAD))],
      ['of a payload that wants one, signed', at(signParts(HEADER, `${two}=`))],
      ['of a payload that wants two, signed', at(signParts(HEADER, `${one}==`))],
      ['of a payload that wants none, signed', at(signParts(HEADER, `${none}====`))],
      ['of the payload, signed without it', at(`${HEADER}.${one}==.${mac(K1.sign, `${HEADER}.${one}`)}`)],
      ['of the signature', at(`${vod}=`)],
      ['of every part', at(`${HEADER}=.${PAYLOAD}=.${SIGNED}=`)],
      ['too much of it', at(`${vod}==`)],
    ]),
  },
  {
    attack: 'stray bits',
    cases: [
      ...each(
        MALFORMED,
        [1, 2, 3].map((bits) => [`signature, ${bits}`, at(sign(stray(SIGNED, bits)))]),
      ),
      ['none in the signature', at(sign(stray(SIGNED, 0))), PASS],
      [
        'payload of 3n+1 bytes, not signed so',
        at(`${HEADER}.${strayOne}.${mac(K1.sign, `${HEADER}.${one}`)}`),
        SIGNATURE,
      ],
      [
        'payload of 3n+2 bytes, not signed so',
        at(`${HEADER}.${strayTwo}.${mac(K1.sign, `${HEADER}.${two}`)}`),
        SIGNATURE,
      ],
      ['payload of 3n+1 bytes, clean', at(signParts(HEADER, one)), PASS],
      ['payload of 3n+2 bytes, clean', at(signParts(HEADER, two)), PASS],
      ['payload of 3n bytes', at(signParts(HEADER, none)), PASS],
      ['a segment of 4n+1 characters, signed', at(signParts(HEADER, `${none}A`)), MALFORMED],
      [
        'a header of 4n+1 characters, signed',
        at(signParts(`${encode('{"alg":"HS256","kid":"key-1"} ')}e`, PAYLOAD)),
        MALFORMED,
      ],
    ],
  },
  {
    attack: 'the other alphabet',
    cases: [
      [
        'a plus in the payload, signed',
        at(signParts(HEADER, Buffer.from('{"sub":">>>~~~"}').toString('base64'))),
        MALFORMED,
      ],
      ['a plus for the signature', at(sign('+'.repeat(43))), MALFORMED],
      ['a slash cuts the token', at(sign(`${SIGNED.slice(0, 20)}/${SIGNED.slice(21)}`)), NOT_ALLOWED],
      ['hexadecimal signature', at(sign(Buffer.from(SIGNED, 'base64url').toString('hex'))), MALFORMED],
      ['- and _ are the right ones', at(signParts(HEADER, encode({ ...good, sub: '>>>???~~~\u00ff\u00fe' }))), PASS],
      ['- and _ all over', at(signParts(HEADER, encode({ ...good, sub: '\u07ff\u07bf\u07fe>?'.repeat(40) }))), PASS],
    ],
  },
  {
    attack: 'dots',
    cases: each(MALFORMED, [
      ['one in front', at(`.${vod}`)],
      ['one behind', at(`${vod}.`)],
      ['two between', at(vod.replace('.', '..'))],
      ['in the payload', at(`${HEADER}.${inside(PAYLOAD, '.')}.${SIGNED}`)],
      ['in the signature', at(sign(inside(SIGNED, '.')))],
      ['only two parts', at(`${HEADER}.${PAYLOAD}`)],
      ['an empty payload, signed', at(signParts(HEADER, ''))],
      ['an empty header, signed', at(signParts('', PAYLOAD))],
    ]),
  },
];
