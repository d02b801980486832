/** What other-languages.md says of minting without the library: its sample is accepted, its mistakes show as it says. */
import { expect, it } from 'vitest';
import { encodeState } from '../../runtime/keys/state.ts';
import { describeWith } from '../helpers/needs.ts';
import { runEdge } from '../helpers/njs.ts';
import { mac, signBinding, signToken, testKey } from '../helpers/sign.ts';
import { type Asked, environment as base, edgeText, NOW, run, verdict } from '../runtime/base/world.ts';
import { moduleOf, read, sample } from './docs-blocks.ts';

const AUDIENCE = 'acme-video/prod';
const KEY = testKey('docs');
const AGENT = 'Télé/1';
const SESSION = 's'.repeat(22);
const PATH = '/live/ch1/index.m3u8';
const PAGE = 'docs/integration/other-languages.md';
const options = { unmatched: 'refuse', log: 'refused', exposeReason: true } as const;
const environment = {
  ...base,
  policies: {
    bound: { lifetime: 3600, session: true, bind: { ip: { v4: 24, v6: 56 }, headers: ['user-agent'] } },
    query: { lifetime: 3600, session: false, bind: { query: ['device'] } },
  },
  streams: {
    live: { paths: ['/live/'], policy: 'bound', mode: 'enforce' as const, carriage: { in: 'path' as const } },
    files: { paths: ['/files/'], policy: 'query', mode: 'enforce' as const, carriage: { in: 'path' as const } },
  },
};

interface Minted {
  record: { audience: string; kid: string; sign: string; bind: string };
  path: string;
  session: string;
  network: string;
  userAgent: string;
  now: number;
  seconds: number;
}
const { mint } = await moduleOf<{ mint: (of: Minted) => string }>(sample('other-languages.md', 'js mint'));
const record = { audience: AUDIENCE, ...KEY };
const wanted = {
  record,
  path: PATH,
  session: SESSION,
  network: '203.0.113.0',
  userAgent: AGENT,
  now: NOW,
  seconds: 3600,
};
const minted = (more: Partial<Minted>): string => mint({ ...wanted, ...more });
const textOf = (key: string): string => Buffer.from(key).toString('base64url');

/** A token made by hand, with claims and header changed. `intsig` is right unless it is given. */
function made(more: Record<string, unknown>, header?: object, session: string | null = SESSION): string {
  const claims: Record<string, unknown> = {
    ...{ iat: NOW, exp: NOW + 3600, aud: AUDIENCE, paths: ['/live/ch1/'], ssn: SESSION },
    ...{ ip: 24, ip_ver: 4, headers: ['user-agent'], ...more },
  };
  claims.intsig ??= signBinding(KEY, claims as { aud: string; iat: number; exp: number }, [
    ['i', '4/24', '203.0.113.0'],
    ['h', 'user-agent', AGENT],
  ]);
  const whole = { alg: 'HS256', typ: 'JWT', kid: KEY.kid, ...header };
  return `/${signToken({ key: KEY, claims, header: whole, session: session ?? undefined })}${PATH}`;
}

/** `intsig` over a canonical text that is wrong somewhere. */
const over = (...attributes: (string | number)[]): string => {
  const fields = ['edgepass-bind-1', AUDIENCE, SESSION, NOW, NOW + 3600, ...attributes];
  return mac(KEY.bind, fields.map((field) => `${Buffer.byteLength(String(field))}:${field}`).join(''));
};
const characters = `15:edgepass-bind-115:acme-video/prod22:${SESSION}10:${NOW}10:${NOW + 3600}1:i4:4/2411:203.0.113.01:h10:user-agent6:${AGENT}`;
const right = Buffer.from(over('i', '4/24', '203.0.113.0', 'h', 'user-agent', AGENT), 'base64url');
const ipv6 = (network: string): string =>
  made({ ip: 56, ip_ver: 6, intsig: over('i', '6/56', network, 'h', 'user-agent', AGENT) });
const file = (value: string): string => {
  const claims = { iat: NOW, exp: NOW + 3600, aud: AUDIENCE, paths: ['/files/'], qs: ['device'] };
  return `/${signToken({ key: KEY, claims: { ...claims, intsig: signBinding(KEY, claims, [['q', 'device', value]]) } })}/files/a`;
};

/** Begin of the row, and what somebody who makes the mistake would send. */
const MISTAKES: [row: string, uri: string, more?: Partial<Asked>][] = [
  ["the key's text used", minted({ record: { ...record, sign: textOf(KEY.sign) } })],
  ['standard base64', minted({}).replace(PATH, `=${PATH}`)],
  ['standard base64', made({ intsig: `${right.toString('base64')}` })],
  ['hexadecimal', made({ intsig: right.toString('hex') })],
  ['`exp` as text', made({ exp: String(NOW + 3600) })],
  ['`exp` as text', made({ exp: NOW + 3600.5 })],
  ['`exp` as text', made({ exp: (NOW + 3600) * 1000 })],
  ['`exp` as text', minted({ now: NOW * 1000 })],
  ['`exp − iat` longer', minted({ seconds: 3601 })],
  ['`exp − iat` longer', made({ iat: undefined })],
  ['`iat`, `exp` in the binding', made({ iat: NOW - 1, exp: NOW + 3599, intsig: right.toString('base64url') })],
  ['header names with capitals', made({ headers: ['user-agent', 'X-Device'] })],
  ['header names with capitals', made({ headers: ['User-Agent'] })],
  ['percent-decoded query value', file('a b'), { query: 'device=a%20b' }],
  ['length counted in characters', made({ intsig: mac(KEY.bind, characters) })],
  ['IPv6 as the framework prints it', ipv6('2001:db8::'), { ip: '2001:db8::1' }],
  ['IPv4-mapped address', ipv6('0000:0000:0000:0000:0000:0000:0000:0000'), { ip: '::ffff:203.0.113.7' }],
  ['host bits left', minted({ network: '203.0.113.77' })],
  ['session in the claims', made({}, {}, null)],
  ['session in the claims', made({ ssn: undefined })],
  ['`paths` without the closing', made({ paths: ['/live/ch1'] })],
  ['`paths` without the closing', made({ paths: '/live/ch1/' })],
  ['`null` for', made({ nbf: null })],
  ['a library that adds', made({}, { crit: ['b64'] })],
  ['a library that adds', made({}, { typ: 'at+jwt' })],
  ['`aud` of another', minted({ record: { ...record, audience: 'acme-video/dev' } })],
  ['lists over 2,048', made({ paths: Array.from({ length: 200 }, (_, i) => `/live/ch${i}/`) })],
  ['the record read once', minted({ record: { ...record, kid: 'old' } })],
];

describeWith(['njs'], 'other-languages.md', () => {
  const rows = [...read(PAGE).matchAll(/^\| (.+?) \| (.*`.+) \|$/gm)].map((row) => [
    row[1] as string,
    row[2] as string,
  ]);
  const ask = (uri: string, more: Partial<Asked> = {}): Asked => ({
    ...{ uri, ip: '203.0.113.77', headers: { 'user-agent': AGENT }, now: NOW },
    ...{ state: encodeState({ audience: AUDIENCE, keys: [KEY], voidBefore: 0 }), ...more },
  });

  it('mints what the edge accepts, and every mistake shows as the table says', async () => {
    const good = [ask(minted({})), ask(made({})), ask(file('a'), { query: 'device=a' })];
    const all = [...good, ...MISTAKES.map(([, uri, more]) => ask(uri, more))];
    const results = runEdge(await edgeText(environment, options), all.map(run)).map(verdict);
    expect(results.slice(0, 3)).toEqual([`pass ${PATH}`, `pass ${PATH}`, 'pass /files/a']);
    // What the edge says, and no row that begins so.
    const unsaid = MISTAKES.map(([begin], i) => [begin, (results[i + 3] as string).split(' ')[1] as string]).filter(
      ([begin, reason]) =>
        !rows.some(([row, cell]) => row?.startsWith(begin as string) && cell?.includes(`\`${reason}\``)),
    );
    expect(unsaid).toEqual([]);
  });

  it('has a mistake for every row', () => {
    const lost = rows.filter(([row]) => !MISTAKES.some(([begin]) => row?.startsWith(begin)));
    expect(rows.length).toBeGreaterThan(15);
    expect(lost).toEqual([]);
  });
});
