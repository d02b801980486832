/** Step 1 on both sides of the token: one spelling passes, every other is refused, in every mode. */
import { type Case, claims, K1, table, token } from './world.ts';

const vod = token(claims(['/vod/']));
const off = token(claims(['/off/']));
const report = token(claims(['/report/']));

const canonical = [
  'a',
  'a/',
  "A-z._~!$&'()*+,=:@",
  'a%20b%22%23%3C%3E%3F%5B%5D%5E%60%7B%7C%7D',
  '%C3%A9t%C3%A9',
  '%E2%82%AC/%E6%97%A5%E6%9C%AC',
  '%F0%9F%8E%AC.m3u8',
  'a%C3%A9%20%C3%A9',
  '...',
  '..a/b..',
  '.hidden',
  'a:b@c',
];

const broken = [
  '../vod2/a',
  'a/../b',
  'a/..',
  '..',
  './a',
  'a/.',
  'a//b',
  '/a',
  'a//',
  'a\\b',
  '..\\b',
  'a;b',
  '..;/b',
  'a|b',
  'a"b',
  'a b',
  'a\tb',
  'a\u0000b',
  'a\nb',
  'a\u00e9',
  'a\u2028b',
  'a#b',
  'a?b',
  'a[b]',
  '{a}',
  'a^b',
  'a`b',
  'a<b>',
  '%2e%2e/b',
  '%2E%2E/b',
  '.%2E/b',
  'a%2fb',
  'a%2Fb',
  'a%5Cb',
  'a%5cb',
  'a%00b',
  'a%0Ab',
  'a%25b',
  'a%252e',
  '%6c',
  '%6C',
  '%41',
  '%7E',
  '%2D',
  '%3B',
  '%3b',
  '%20%3c',
  '%5b',
  'a%',
  'a%2',
  'a%zz',
  'a%u002e',
  '%c3%a9',
  '%C3',
  '%A9',
  '%C3a',
  '%C3%20',
  '%C3%A9%A9',
  '%C0%AE%C0%AE/b',
  '%C1%9C',
  '%E0%80%AE',
  '%E0%9F%BF',
  '%ED%A0%80',
  '%E2%82',
  '%F0%80%80%AF',
  '%F4%90%80%80',
  '%F5%80%80%80',
  '%FF',
  '%FE%FF',
  '%C3%A9/../b',
  '%C3%A9%2F',
  '%EF%BC%8F\u0000',
];

const rest = (path: string): string => JSON.stringify(path).slice(1, -1);

table('canonical paths pass behind the token', [
  ...canonical.map((path): Case => [rest(path), { uri: `/${vod}/vod/${path}` }, `pass /vod/${path}`]),
  [
    'a path of 8,192 characters',
    { uri: `/${vod}/vod/`.padEnd(8192, 'a') },
    `pass ${`/${vod}/vod/`.padEnd(8192, 'a').slice(vod.length + 1)}`,
  ],
]);

table('other paths are refused behind the token', [
  ...broken.map((path): Case => [rest(path), { uri: `/${vod}/vod/${path}` }, '400 path_not_canonical']),
  ['a path of 8,193 characters', { uri: `/${vod}/vod/`.padEnd(8193, 'a') }, '400 path_not_canonical'],
]);

table('other paths are refused in front of the token and without one', [
  ...broken.map((path): Case => [`/${rest(path)}/<token>`, { uri: `/${path}/${vod}/vod/a` }, '400 path_not_canonical']),
  ['/./<token>', { uri: `/./${vod}/vod/a` }, '400 path_not_canonical'],
  ['//<token>', { uri: `//${vod}/vod/a` }, '400 path_not_canonical'],
  ['/<token>//', { uri: `/${vod}//vod/a` }, '400 path_not_canonical'],
  ['/<token>/./', { uri: `/${vod}/./vod/a` }, '400 path_not_canonical'],
  ['/vod/../<token>', { uri: `/vod/../${vod}/vod/a` }, '400 path_not_canonical'],
  ['no slash', { uri: `${vod}/vod/a` }, '400 path_not_canonical'],
  ['nothing', { uri: '' }, '400 path_not_canonical'],
  ['only a token', { uri: `/${vod}` }, '400 path_not_canonical'],
  ['an escaped dot in the token', { uri: `/${vod.replace('.', '%2E')}/vod/a` }, '400 path_not_canonical'],
  ['an escaped letter in the token', { uri: `/${vod.replace('eyJ', '%65yJ')}/vod/a` }, '400 path_not_canonical'],
  ['a quote in the token', { uri: `/${vod.replace('.', '".')}/vod/a` }, '400 path_not_canonical'],
]);

table('steps 1 and 2 refuse in every mode', [
  ...['a/../b', 'a%2e', 'a;b', '%C3', 'a//b'].flatMap((path): Case[] => [
    [`off: ${path}`, { uri: `/off/${path}` }, '400 path_not_canonical'],
    [`off with a token: ${path}`, { uri: `/${off}/off/${path}` }, '400 path_not_canonical'],
    [`report: ${path}`, { uri: `/${report}/report/${path}` }, '400 path_not_canonical'],
  ]),
  ['off: two tokens', { uri: `/${off}/off/${off}/a` }, '401 token_malformed'],
  ['report: two tokens', { uri: `/${report}/report/${report}/a` }, '401 token_malformed'],
]);

const wrongHash = `${vod.split('.').slice(0, 2).join('.')}.${'A'.repeat(43)}`;
table('a second token anywhere in the path', [
  ['the same twice', { uri: `/${vod}/${vod}/vod/a` }, '401 token_malformed'],
  ['in the middle', { uri: `/${vod}/vod/${vod}/a` }, '401 token_malformed'],
  ['as the last segment', { uri: `/${vod}/vod/${vod}` }, '401 token_malformed'],
  ['as the name of a file', { uri: `/${vod}/vod/${vod}.m3u8` }, '401 token_malformed'],
  ['with another session', { uri: `/${vod}/vod/${'s'.repeat(22)}.${vod}/a` }, '401 token_malformed'],
  ['a wrong one in front', { uri: `/${wrongHash}/${vod}/vod/a` }, '401 token_malformed'],
  ['a wrong one behind', { uri: `/${vod}/vod/${wrongHash}/a` }, '401 token_malformed'],
  ['only in the middle', { uri: `/vod/${vod}/a` }, '401 token_malformed'],
  ['no token but a name that begins like one', { uri: `/${vod}/vod/eyJhbGciOi.v1.mp4` }, 'pass /vod/eyJhbGciOi.v1.mp4'],
  [
    'a folder that begins like one',
    { uri: `/${vod}/vod/eyJhbGciOiJIUzI1NiIsInR5cCI6/a.b.mp4` },
    'pass /vod/eyJhbGciOiJIUzI1NiIsInR5cCI6/a.b.mp4',
  ],
]);

// Looked at as data: a key in a test would be one in the source.
if (vod.includes(K1.sign)) throw new Error('a token holds its key');
