/** Separators of the bound text inside values and names: no value passes for two fields or moves into the next. */
import { createHmac } from 'node:crypto';
import { type Asked, AUD, claims, K1, NOW, SESSION, token } from '../../runtime/base/world.ts';
import { asked, bound, each, type Family, MISMATCH, POLICY } from '../build.ts';

const OK = 'pass /agent/a';
const values = [
  '1:h',
  '4:abcd',
  ':',
  '::',
  '0:',
  '1:x',
  '-1:x',
  '10:user-agent',
  '1:h10:user-agent2:ab',
  '9999:',
  '1',
  '01:x',
  '1:\u00e9',
  '\u0000',
  '\n',
  '|',
  ',',
];
const names = ['user-agent', 'x-b'];
const pair = (a: string, b: string, sentA: string, sentB: string): Asked =>
  bound(
    [
      ['user-agent', a],
      ['x-b', b],
    ],
    { 'user-agent': sentA, 'x-b': sentB },
  );

/** A token whose `intsig` is over text of the attacker's making, with the right key. */
function over(text: string, sent: Asked['headers'], headers: string[] = names): Asked {
  const intsig = createHmac('sha256', Buffer.from(K1.bind, 'base64url')).update(text).digest('base64url');
  return { uri: `/${token(claims(['/agent/'], { headers, intsig }))}/agent/a`, ...(sent && { headers: sent }) };
}
const f = (value: string | number, size = Buffer.byteLength(String(value))): string => `${size}:${value}`;
const iat = NOW - 60;
const exp = NOW + 600;
const head = f('edgepass-bind-1') + f(AUD) + f('') + f(iat) + f(exp);
const right = f('h') + f('user-agent') + f('ab') + f('h') + f('x-b') + f('c');
const sent = { 'user-agent': 'ab', 'x-b': 'c' };
const beyond = f('h') + f('user-agent') + f('\u00e9\u00e9', 4) + f('h') + f('x-b') + f('c');
const sentBeyond = { 'user-agent': '\u00e9\u00e9', 'x-b': 'c' };

export const separators: Family[] = [
  {
    attack: 'separators inside bound values',
    cases: [
      ...values.flatMap((value): Family['cases'] => [
        [`header ${JSON.stringify(value)}, as bound`, bound([['user-agent', value]], { 'user-agent': value }), OK],
        [`header ${JSON.stringify(value)}, moved`, pair('x', `y${value}`, `x${value}`, 'y'), MISMATCH],
        [`header ${JSON.stringify(value)}, moved on`, pair(`x${value}`, 'y', 'x', `${value}y`), MISMATCH],
      ]),
      ...values
        .filter((value) => /^[!-~]+$/.test(value))
        .map((value): Family['cases'][0] => [
          `parameter ${JSON.stringify(value)}, as bound`,
          asked([['device', value]], `device=${value}`),
          'pass /device/a',
        ]),
    ],
  },
  {
    attack: 'letters that move from one value to the next',
    cases: [
      ['as bound', pair('ab', 'c', 'ab', 'c'), OK],
      ...each(MISMATCH, [
        ['one to the right', pair('ab', 'c', 'a', 'bc')],
        ['one to the left', pair('a', 'bc', 'ab', 'c')],
        ['all to the right', pair('ab', 'c', '', 'abc')],
        ['all to the left', pair('ab', 'c', 'abc', '')],
        ['the second field inside the first', pair('ab', 'c', 'ab1:h3:x-b1:c', 'c')],
        [
          'both inside the first',
          bound(
            [
              ['user-agent', 'ab'],
              ['x-b', 'c'],
            ],
            { 'user-agent': 'ab1:h3:x-b1:c' },
          ),
        ],
        ['a byte to the right', pair('\u00e9', 'x', '\u00c3', '\u00a9x')],
        ['swapped', pair('a', 'b', 'b', 'a')],
      ]),
    ],
  },
  {
    attack: 'bound text in another form',
    cases: [
      ['the right form', over(head + right, sent), OK],
      ['beyond ASCII, sizes in bytes', over(head + beyond, sentBeyond), OK],
      ...each(MISMATCH, [
        ['beyond ASCII, sizes in characters', over(head + beyond.replace('4:\u00e9', '2:\u00e9'), sentBeyond)],
        ['without the scheme', over(head.slice(18) + right, sent)],
        ['another scheme', over(head.replace('bind-1', 'bind-2') + right, sent)],
        ['sizes left out', over((head + right).replace(/\d+:/g, ''), sent)],
        ['separated by newlines', over((head + right).replace(/\d+:/g, '\n'), sent)],
        ['a size with a zero in front', over((head + right).replace('2:ab', '02:ab'), sent)],
        ['a wrong size', over((head + right).replace('2:ab', '3:ab'), sent)],
        ['session left out', over(head.replace('0:', '') + right, sent)],
        ['a session nobody claims', over(head.replace('0:', f(SESSION)) + right, sent)],
        ['times swapped', over(f('edgepass-bind-1') + f(AUD) + f('') + f(exp) + f(iat) + right, sent)],
        ['times with fractions', over(f('edgepass-bind-1') + f(AUD) + f('') + f(`${iat}.0`) + f(exp) + right, sent)],
        ['something behind it', over(`${head}${right}0:`, sent)],
        ['kinds left out', over(head + f('user-agent') + f('ab') + f('x-b') + f('c'), sent)],
        ['names in upper case', over(head + right.replace('user-agent', 'User-Agent'), sent)],
        ['one claim, two attributes', over(head + right, sent, ['user-agent'])],
        ['a name that holds both', over(head + right, sent, ['user-agent', 'x-b1:c'])],
        ['nothing', over('', sent)],
        ['only the head', over(head, sent)],
      ]),
      [
        'a name that holds both, and not the one demanded',
        over(head + right, sent, ['user-agent2:ab1:h3:x-b']),
        POLICY,
      ],
    ],
  },
];
