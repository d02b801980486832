/** Step 2 for the other carriages, and step 11: where the token is read, and that it is forwarded nowhere. */
import { expect, it } from 'vitest';
import { describeWith } from '../../helpers/needs.ts';
import { runEdge } from '../../helpers/njs.ts';
import { type Asked, claims, edgeText, environment, run, SESSION, table, token } from './world.ts';

const tokenFor = (stream: string, more: Record<string, unknown> = {}): string => token(claims([`/${stream}/`], more));
const query = tokenFor('query');
const cookie = tokenFor('cookie');
const header = tokenFor('header');
const vod = tokenFor('vod');
const MALFORMED = '401 token_malformed';

table('query', [
  ['the parameter', { uri: '/query/a', query: `token=${query}` }, 'pass /query/a'],
  ['with a session', { uri: '/query/a', query: `token=${tokenFor('query', { ssn: SESSION })}` }, 'pass /query/a'],
  ['among others', { uri: '/query/a', query: `a=1&token=${query}&b=2` }, 'pass /query/a'],
  ['none', { uri: '/query/a' }, '401 token_missing'],
  ['empty', { uri: '/query/a', query: 'token=' }, '401 token_missing'],
  ['twice', { uri: '/query/a', query: `token=${query}&token=${query}` }, MALFORMED],
  ['twice, one of them empty', { uri: '/query/a', query: `token=&token=${query}` }, MALFORMED],
  ['something behind it', { uri: '/query/a', query: `token=${query}/` }, MALFORMED],
  ['something in front of it', { uri: '/query/a', query: `token=/${query}` }, MALFORMED],
  ['escaped', { uri: '/query/a', query: `token=${query.replace('.', '%2E')}` }, MALFORMED],
  ['in the path', { uri: `/${query}/query/a` }, MALFORMED],
  ['in the path as well', { uri: `/${query}/query/a`, query: `token=${query}` }, MALFORMED],
  ['in a cookie', { uri: '/query/a', cookies: { token: query, ept: query } }, '401 token_missing'],
  ['in a header', { uri: '/query/a', headers: { token: query, 'x-token': query } }, '401 token_missing'],
  ['other case of the name', { uri: '/query/a', query: `Token=${query}` }, '401 token_missing'],
  ['escaped name', { uri: '/query/a', query: `%74oken=${query}` }, '400 query_not_canonical'],
  ['two spellings', { uri: '/query/a', query: `token=${query}&%74oken=x` }, '400 query_not_canonical'],
  ['semicolon', { uri: '/query/a', query: `token=${query};token=x` }, '400 query_not_canonical'],
  ['with a path token of another stream', { uri: `/${vod}/vod/a`, query: `token=${query}` }, MALFORMED],
]);

table('cookie', [
  ['the cookie', { uri: '/cookie/a', cookies: { ept: cookie } }, 'pass /cookie/a'],
  ['none', { uri: '/cookie/a', cookies: { other: cookie } }, '401 token_missing'],
  ['twice', { uri: '/cookie/a', cookies: { ept: [cookie, cookie] } }, MALFORMED],
  ['quoted', { uri: '/cookie/a', cookies: { ept: `"${cookie}"` } }, MALFORMED],
  ['with a newline', { uri: '/cookie/a', cookies: { ept: `${cookie}\n` } }, MALFORMED],
  ['in the path', { uri: `/${cookie}/cookie/a` }, MALFORMED],
  ['in the query', { uri: '/cookie/a', query: `token=${cookie}` }, MALFORMED],
  ['beside a path token of another stream', { uri: `/${vod}/vod/a`, cookies: { ept: cookie } }, 'pass /vod/a'],
]);

table('header', [
  ['the header', { uri: '/header/a', headers: { 'x-token': header } }, 'pass /header/a'],
  ['none', { uri: '/header/a' }, '401 token_missing'],
  ['twice', { uri: '/header/a', headers: { 'x-token': [header, header] } }, MALFORMED],
  ['a list', { uri: '/header/a', headers: { 'x-token': `${header}, ${header}` } }, MALFORMED],
  ['with a scheme', { uri: '/header/a', headers: { 'x-token': `Bearer ${header}` } }, MALFORMED],
  ['another header', { uri: '/header/a', headers: { authorization: header } }, '401 token_missing'],
]);

const two: typeof environment = {
  ...environment,
  streams: {
    ...environment.streams,
    second: { paths: ['/second/'], policy: 'plain', mode: 'enforce', carriage: { in: 'query', name: 'key' } },
    // Called like the parameter of another stream, which does not make it the same place.
    alike: { paths: ['/alike/'], policy: 'plain', mode: 'enforce', carriage: { in: 'cookie', name: 'token' } },
  },
};
const second = tokenFor('second');
const alike = tokenFor('alike');
const cookies = { token: alike };

table(
  'two streams with a parameter each',
  [
    ['the first', { uri: '/query/a', query: `token=${query}` }, 'pass /query/a'],
    ['the second', { uri: '/second/a', query: `key=${second}` }, 'pass /second/a'],
    ['the parameter of the other', { uri: '/second/a', query: `token=${second}` }, MALFORMED],
    ['its own and that of the other', { uri: '/second/a', query: `key=${second}&token=${query}` }, MALFORMED],
    ['the other way round', { uri: '/query/a', query: `key=${second}&token=${query}` }, MALFORMED],
    ['one of them beside a path token', { uri: `/${vod}/vod/a`, query: `key=${second}` }, MALFORMED],
    ['both beside a path token', { uri: `/${vod}/vod/a`, query: `token=${query}&key=${second}` }, MALFORMED],
    ['a cookie called like a parameter', { uri: '/alike/a', cookies }, 'pass /alike/a'],
    [
      'a cookie beside the parameter it is called like',
      { uri: '/alike/a', cookies, query: `token=${query}` },
      MALFORMED,
    ],
  ],
  () => edgeText(two),
);

const everywhere: Asked[] = [
  { uri: `/${vod}/vod/a` },
  { uri: '/query/a', query: `a=1&token=${query}&b=2` },
  { uri: '/cookie/a', cookies: { ept: cookie, other: '1' } },
  { uri: '/header/a', headers: { 'x-token': header } },
  { uri: `/${vod}/vod/a`, cookies: { ept: cookie }, headers: { 'x-token': header } },
  { uri: '/report/a', cookies: { ept: cookie }, headers: { 'x-token': header } },
  { uri: `/${vod}x/off/a`, cookies: { ept: cookie }, headers: { 'x-token': header } },
];

describeWith(['njs'], 'what is forwarded', () => {
  it('has no token and no x-edgepass header, and everything else', async () => {
    const ours = { 'x-edgepass-reason': 'x', 'x-edgepass-': 'y', 'x-edgepass-session': ['a', 'b'] };
    const kept = { 'x-edgepas': '1', 'x-edgepass': '2', 'x-edgepass.': '3', 'x-edgepass.a': '4', 'x-other': '5' };
    const runs = everywhere.map((asked) => run({ ...asked, headers: { ...asked.headers, ...ours, ...kept } }));
    for (const { answer, threw } of runEdge(await edgeText(), runs)) {
      expect(threw).toBeUndefined();
      expect(answer?.statusCode).toBeUndefined();
      expect(JSON.stringify(answer)).not.toMatch(/eyJ|x-edgepass-/);
      for (const [name, value] of Object.entries(kept)) expect(answer?.headers[name]).toEqual({ value });
    }
  });

  it('keeps the other parameters and cookies', async () => {
    const [first, second] = runEdge(await edgeText(), everywhere.slice(1, 3).map(run));
    expect(first?.answer).toMatchObject({ querystring: { a: { value: '1' }, b: { value: '2' } } });
    expect(second?.answer).toMatchObject({ cookies: { other: { value: '1' } } });
  });

  it('keeps what is called undefined', async () => {
    const named = { undefined: '1' };
    const asked: Asked = { uri: `/${vod}/vod/a`, headers: named, cookies: named, query: 'undefined=1' };
    const [result] = runEdge(await edgeText(), [run(asked)]);
    const field = { undefined: { value: '1' } };
    expect(result?.answer).toMatchObject({ headers: field, cookies: field, querystring: field });
  });
});
