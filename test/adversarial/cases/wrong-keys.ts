/** Keys that are not the one that signs, and what a viewer could make without any. */
import { createHash, createHmac } from 'node:crypto';
import { AGENT, bind, claims, K1, K2, NOW, token } from '../../runtime/base/world.ts';
import {
  at,
  each,
  type Family,
  good,
  HEADER,
  MALFORMED,
  MISMATCH,
  NOT_ALLOWED,
  PASS,
  PAYLOAD,
  SIGNATURE,
  SIGNED,
  signParts,
  vod,
} from '../build.ts';

const text = `${HEADER}.${PAYLOAD}`;
const signed = (key: string | Buffer, what = text): ReturnType<typeof at> =>
  at(`${text}.${createHmac('sha256', key).update(what).digest('base64url')}`);
const raw = Buffer.from(K1.sign, 'base64url');
const content = claims(['/agent/'], { headers: ['user-agent'] });
const intsig = bind(content, [['h', 'user-agent', AGENT]]).intsig as string;
const flip = (byte: number): ReturnType<typeof at> => {
  const bytes = Buffer.from(SIGNED, 'base64url');
  bytes[byte] = (bytes[byte] as number) ^ 1;
  return at(`${text}.${bytes.toString('base64url')}`);
};

export const wrongKeys: Family[] = [
  {
    attack: 'a signature with another key',
    cases: [
      ['the right one', signed(raw), PASS],
      ...each(SIGNATURE, [
        ['the bind key', at(signParts(HEADER, PAYLOAD, K1.bind))],
        ['the sign key of another kid', at(signParts(HEADER, PAYLOAD, K2.sign))],
        ['the bind key of another kid', at(signParts(HEADER, PAYLOAD, K2.bind))],
        ['the key in base64url, as text', signed(K1.sign)],
        ['the key in base64, as text', signed(raw.toString('base64'))],
        ['the key in hexadecimal, as text', signed(raw.toString('hex'))],
        ['the hash of the key', signed(createHash('sha256').update(raw).digest())],
        ['a byte less', signed(raw.subarray(0, 31))],
        ['a byte more', signed(Buffer.concat([raw, Buffer.from([1])]))],
        ['backwards', signed(Buffer.from(raw).reverse())],
        ['both keys', signed(Buffer.concat([raw, Buffer.from(K1.bind, 'base64url')]))],
        ['no key', signed('')],
        ['the kid', signed(K1.kid)],
        ['secret', signed('secret')],
        ['null', signed('null')],
        ['undefined', signed('undefined')],
        ['zeros', signed(Buffer.alloc(32))],
      ]),
      ['NUL bytes behind the key, as HMAC fills it', signed(Buffer.concat([raw, Buffer.alloc(32)])), PASS],
    ],
  },
  {
    attack: 'a signature over another text',
    cases: [
      ...each(SIGNATURE, [
        ['the payload', signed(raw, PAYLOAD)],
        ['the header', signed(raw, HEADER)],
        ['decoded', signed(raw, `${Buffer.from(HEADER, 'base64url')}.${Buffer.from(PAYLOAD, 'base64url')}`)],
        ['a dot more', signed(raw, `${text}.`)],
        ['without the dot', signed(raw, `${HEADER}${PAYLOAD}`)],
        ['with the session', signed(raw, `${'x'.repeat(22)}.${text}`)],
        ['with a newline', signed(raw, `${text}\n`)],
        ['nothing', signed(raw, '')],
        ['a hash, not a MAC', at(`${text}.${createHash('sha256').update(text).digest('base64url')}`)],
        [
          'a hash with the key in front',
          at(`${text}.${createHash('sha256').update(raw).update(text).digest('base64url')}`),
        ],
      ]),
      ...each(
        SIGNATURE,
        [0, 1, 3, 4, 7, 8, 15, 16, 23, 28, 30, 31].map((byte) => [`byte ${byte} differs`, flip(byte)]),
      ),
      [
        'all bytes differ',
        at(`${text}.${Buffer.from(Buffer.from(SIGNED, 'base64url').map((byte) => byte ^ 255)).toString('base64url')}`),
        SIGNATURE,
      ],
    ],
  },
  {
    attack: 'a value that a viewer chose, in place of a signature',
    cases: [
      ['an intsig as the signature', at(`${text}.${intsig}`), SIGNATURE],
      ['a signature as the intsig', { uri: `/${token({ ...content, intsig: SIGNED })}/agent/a` }, MISMATCH],
      [
        'a bound header that is the text of a token',
        {
          uri: `/${text}.${bind(content, [['h', 'user-agent', text]], { ...K1, bind: K1.bind }).intsig as string}/vod/a`,
          headers: { 'user-agent': text },
        },
        SIGNATURE,
      ],
      [
        'the text of a token under the bind key',
        at(`${text}.${createHmac('sha256', Buffer.from(K1.bind, 'base64url')).update(text).digest('base64url')}`),
        SIGNATURE,
      ],
    ],
  },
  {
    attack: 'parts of several tokens',
    cases: each(SIGNATURE, [
      ['the signature of a later token', at(`${text}.${token(claims(['/vod/'], { iat: NOW - 59 })).split('.')[2]}`)],
      ['the payload of another', at(`${HEADER}.${token(claims(['/vod/premium/'])).split('.')[1]}.${SIGNED}`)],
      ['the header of another key', at(`${token(good, { key: K2 }).split('.')[0]}.${PAYLOAD}.${SIGNED}`)],
    ]),
  },
  {
    attack: 'tokens cut short or made longer',
    cases: [
      ...each(
        MALFORMED,
        [1, 2, 3, 4, 8, 16, 42, 43].map((n) => [`${n} characters less`, at(vod.slice(0, -n))]),
      ),
      ...each(
        MALFORMED,
        [1, 2, 3, 4, 8, 43, 500].map((n) => [`${n} characters more`, at(vod + 'A'.repeat(n))]),
      ),
      ...each(SIGNATURE, [
        ['the first character of the payload gone', at(`${HEADER}.${PAYLOAD.slice(1)}.${SIGNED}`)],
        ['the last character of the payload gone', at(`${HEADER}.${PAYLOAD.slice(0, -1)}.${SIGNED}`)],
        ['one more in the payload', at(`${HEADER}.${PAYLOAD}A.${SIGNED}`)],
        ['four more in the payload', at(`${HEADER}.${PAYLOAD}AAAA.${SIGNED}`)],
        ['the payload twice', at(`${HEADER}.${PAYLOAD}${PAYLOAD}.${SIGNED}`)],
        ['half of the payload', at(`${HEADER}.${PAYLOAD.slice(0, 60)}.${SIGNED}`)],
        [
          'two characters of it swapped',
          at(`${HEADER}.${PAYLOAD.slice(0, 20)}${PAYLOAD[21]}${PAYLOAD[20]}${PAYLOAD.slice(22)}.${SIGNED}`),
        ],
      ]),
      ['the header cut', at(`${HEADER.slice(0, -3)}.${PAYLOAD}.${SIGNED}`), MALFORMED],
      ['the first character gone', at(vod.slice(1)), MALFORMED],
      ['one in front', at(`A${vod}`), MALFORMED],
      ['header and signature', at(`${HEADER}.${SIGNED}`), MALFORMED],
      ['only a signature, a path of no stream', at(`..${SIGNED}`), NOT_ALLOWED],
      ['backwards, a path of no stream', at([...vod].reverse().join('')), NOT_ALLOWED],
    ],
  },
];
