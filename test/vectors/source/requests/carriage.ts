/** Where a token is read, and what arrives at the origin. */
import { AGENT, SESSION } from '../keys.ts';
import { type Case, claims, forward, refuse, token } from './ask.ts';

const vod = token(claims(['/vod/']));
const query = token(claims(['/query/']));
const cookie = token(claims(['/cookie/']));
const header = token(claims(['/header/']));
const MALFORMED = refuse('token_malformed');
const MISSING = refuse('token_missing');
const NOT_CANONICAL = refuse('query_not_canonical');

export const inQuery: Case[] = [
  ['the parameter', { uri: '/query/a', query: `token=${query}` }, forward('/query/a', { query: '' })],
  ['among others', { uri: '/query/a', query: `a=1&token=${query}&b=2` }, forward('/query/a', { query: 'a=1&b=2' })],
  [
    'with a session',
    { uri: '/query/a', query: `token=${token(claims(['/query/'], { ssn: SESSION }))}` },
    forward('/query/a', { query: '' }),
  ],
  ['none', { uri: '/query/a' }, MISSING],
  ['empty', { uri: '/query/a', query: 'token=' }, MISSING],
  ['twice', { uri: '/query/a', query: `token=${query}&token=${query}` }, MALFORMED],
  ['in the path', { uri: `/${query}/query/a` }, MALFORMED],
  ['in the path as well', { uri: `/${query}/query/a`, query: `token=${query}` }, MALFORMED],
  ['other case of the name', { uri: '/query/a', query: `Token=${query}` }, MISSING],
  ['another spelling of the name', { uri: '/query/a', query: `%74oken=${query}` }, NOT_CANONICAL],
  ['a semicolon', { uri: '/query/a', query: `token=${query};a=1` }, NOT_CANONICAL],
];

export const inCookie: Case[] = [
  ['the cookie', { uri: '/cookie/a', cookies: [['ept', cookie]] }, forward('/cookie/a', { cookies: [] })],
  [
    'among others',
    {
      uri: '/cookie/a',
      cookies: [
        ['a', '1'],
        ['ept', cookie],
        ['b', '2'],
      ],
    },
    forward('/cookie/a', {
      cookies: [
        ['a', '1'],
        ['b', '2'],
      ],
    }),
  ],
  ['none', { uri: '/cookie/a', cookies: [['other', cookie]] }, MISSING],
  [
    'twice',
    {
      uri: '/cookie/a',
      cookies: [
        ['ept', cookie],
        ['ept', cookie],
      ],
    },
    MALFORMED,
  ],
  ['quoted', { uri: '/cookie/a', cookies: [['ept', `"${cookie}"`]] }, MALFORMED],
  ['in the path', { uri: `/${cookie}/cookie/a` }, MALFORMED],
];

export const inHeader: Case[] = [
  [
    'the header',
    {
      uri: '/header/a',
      headers: [
        ['accept', '*/*'],
        ['x-token', header],
      ],
    },
    forward('/header/a', { headers: [['accept', '*/*']] }),
  ],
  ['none', { uri: '/header/a', headers: [['authorization', header]] }, MISSING],
  [
    'twice',
    {
      uri: '/header/a',
      headers: [
        ['x-token', header],
        ['x-token', header],
      ],
    },
    MALFORMED,
  ],
  ['with a scheme', { uri: '/header/a', headers: [['x-token', `Bearer ${header}`]] }, MALFORMED],
];

export const forwarded: Case[] = [
  [
    'a token of another stream in its cookie and its header',
    {
      uri: `/${vod}/vod/a`,
      cookies: [['ept', cookie]],
      headers: [
        ['accept', '*/*'],
        ['x-token', header],
      ],
    },
    forward('/vod/a', { cookies: [], headers: [['accept', '*/*']] }),
  ],
  [
    'headers that only the edge may set',
    {
      uri: `/${vod}/vod/a`,
      headers: [
        ['user-agent', AGENT],
        ['x-edgepass-reason', 'x'],
        ['x-edgepass-other', 'y'],
        ['x-edgepass', 'z'],
      ],
    },
    forward('/vod/a', {
      headers: [
        ['user-agent', AGENT],
        ['x-edgepass', 'z'],
      ],
    }),
  ],
  ['the query as it is', { uri: `/${vod}/vod/a`, query: 'b=2&a=%20' }, forward('/vod/a')],
];
