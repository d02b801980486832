/** What stands in a parameter, cookie or header beside the token, and spellings of their names. */
import { type Asked, claims, NOW, SESSION, token } from '../../runtime/base/world.ts';
import { each, type Family, MALFORMED, MISSING, QUERY } from '../build.ts';

const of = (stream: string, more: Record<string, unknown> = {}): string => token(claims([`/${stream}/`], more));
const carriers: Record<string, (text: string) => Asked> = {
  query: (text) => ({ uri: '/query/a', query: `token=${text}` }),
  cookie: (text) => ({ uri: '/cookie/a', cookies: { ept: text } }),
  header: (text) => ({ uri: '/header/a', headers: { 'x-token': text } }),
};
const around: [name: string, make: (text: string) => string][] = [
  ['a slash in front', (text) => `/${text}`],
  ['a slash behind', (text) => `${text}/`],
  ['a path behind', (text) => `${text}/a`],
  ['a blank in front', (text) => ` ${text}`],
  ['a blank behind', (text) => `${text} `],
  ['a newline behind', (text) => `${text}\n`],
  ['a tab behind', (text) => `${text}\t`],
  ['a NUL behind', (text) => `${text}\u0000`],
  ['quotes', (text) => `"${text}"`],
  ['a scheme', (text) => `Bearer ${text}`],
  ['a comma behind', (text) => `${text},`],
  ['a dot behind', (text) => `${text}.`],
  ['a dot in front', (text) => `.${text}`],
  ['an escaped dot', (text) => text.replace('.', '%2E')],
  ['an escaped letter', (text) => text.replace('e', '%65')],
  ['one letter less', (text) => text.slice(0, -1)],
  ['one letter more', (text) => `${text}A`],
  ['padding', (text) => `${text}=`],
  ['no token', () => 'x'],
  ['null', () => 'null'],
  ['__proto__', () => '__proto__'],
  ['2,049 characters', (text) => text.padEnd(2049, 'A')],
  ['8 KB', (text) => text.padEnd(8192, 'A')],
  ['two dots', () => '..'],
];

const query = of('query');

export const carriage: Family[] = [
  ...Object.entries(carriers).map(
    ([kind, carry]): Family => ({
      attack: `something beside the token: ${kind}`,
      cases: [
        ['nothing', carry(of(kind)), `pass /${kind}/a`],
        ['a session in front', carry(of(kind, { ssn: SESSION })), `pass /${kind}/a`],
        ['empty', carry(''), MISSING],
        ['another’s session in front', carry(`${'x'.repeat(22)}.${of(kind)}`), MALFORMED],
        ['the token of another stream', carry(of('vod')), '403 path_not_allowed'],
        ['expired', carry(of(kind, { exp: NOW })), '401 token_expired'],
        [
          'signature of another',
          carry(`${of(kind).split('.').slice(0, 2).join('.')}.${of('vod').split('.')[2]}`),
          '401 signature_invalid',
        ],
        ['HEAD', { ...carry(of(kind)), method: 'HEAD' }, `pass /${kind}/a`],
        ['POST', { ...carry(of(kind)), method: 'POST' }, '403 method_not_allowed'],
        ...around.map(([name, make]): Family['cases'][0] => [name, carry(make(of(kind))), MALFORMED]),
      ],
    }),
  ),
  {
    attack: 'spellings of the parameter',
    cases: [
      ...each(
        QUERY,
        [
          `%74oken=${query}`,
          `tok%65n=${query}`,
          `token=${query}&%74oken=x`,
          `token=${query};token=x`,
          `token;x=1&token=${query}`,
          `token[]=${query}`,
        ]
          .concat([
            `token=${query}&&`,
            `&token=${query}`,
            `token=${query}&`,
            `=&token=${query}`,
            `token=${query}&a+b`,
            `token=${query}&;`,
            `+token=${query}`,
          ])
          .concat([
            `token%00=${query}`,
            `token=${query}&tok\u00e9n=1`,
            `token%20=${query}`,
            `token=${query}&a%3Db`,
            `?token=${query}`,
            `token=${query};`,
          ])
          .map((raw) => [raw.replace(query, '<token>'), { uri: '/query/a', query: raw }]),
      ),
      ...each('pass /query/a', [
        ['among others', { uri: '/query/a', query: `a=1&token=${query}&b=2` }],
        ['others with escapes', { uri: '/query/a', query: `a=%20%2F&token=${query}&b=%C3%A9` }],
        ['others without value', { uri: '/query/a', query: `a&token=${query}&b=` }],
        ['others twice', { uri: '/query/a', query: `a=1&a=2&token=${query}` }],
        ['others with names like it', { uri: '/query/a', query: `Token=1&token2=2&t=3&token=${query}` }],
        ['__proto__ beside it', { uri: '/query/a', query: `__proto__=1&constructor=2&token=${query}` }],
        ['parsed only', { uri: '/query/a', query: `a=1&token=${query}`, raw: false }],
      ]),
      ['parsed only, another spelling', { uri: '/query/a', query: `token=${query}&%74oken=x`, raw: false }, QUERY],
      ['parsed only, a semicolon', { uri: '/query/a', query: `token=${query}&a=1;token=x`, raw: false }, QUERY],
      ['not canonical and no token', { uri: '/query/a', query: 'a[]=1' }, QUERY],
      ['no query', { uri: '/query/a' }, MISSING],
      ['without value', { uri: '/query/a', query: 'token' }, MISSING],
    ],
  },
];
