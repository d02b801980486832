/** Requests before their token is signed: for each stream some that pass. */
import { type Attribute, signToken } from '../../helpers/sign.ts';
import { AGENT, type Asked, bind, claims, IPV4, K1, SESSION } from '../base/world.ts';

export const COUNTRY = 'cloudfront-viewer-country';
export const REGION = 'cloudfront-viewer-country-region';
export const CITY = 'cloudfront-viewer-city';

export interface Draft {
  path: string;
  content: Record<string, unknown>;
  /** Values at the issuer. */
  known: Record<string, string>;
  in: 'path' | 'query' | 'cookie' | 'header' | 'nowhere';
  key: typeof K1;
  header: unknown;
  session: unknown;
  edit: (token: string) => string;
  bindKey: typeof K1;
  parameters: string[];
  headers: NonNullable<Asked['headers']>;
  cookies: NonNullable<Asked['cookies']>;
  rest: Omit<Asked, 'uri' | 'headers' | 'cookies' | 'query'>;
}

const NETWORKS: Record<string, string> = {
  '4/32': IPV4,
  '4/24': '203.0.113.0',
  '4/28': '203.0.113.64',
  '4/16': '203.0.0.0',
  '6/128': '2001:0db8:85a3:08d3:1319:8a2e:0370:7348',
  '6/64': '2001:0db8:85a3:08d3:0000:0000:0000:0000',
  '6/56': '2001:0db8:85a3:0800:0000:0000:0000:0000',
  '6/48': '2001:0db8:85a3:0000:0000:0000:0000:0000',
};

const s = { ssn: SESSION };
const all = { ...s, co: ['FR'], ip: 32, ip_ver: 4, headers: ['user-agent'] };
/** Folder, claims, carriage. */
export const BASES: [string, Record<string, unknown>, Draft['in']?][] = [
  ['/vod/a/', {}],
  ['/vod/premium/a/', s],
  ['/session/', s],
  ['/network/', { ip: 24, ip_ver: 4 }],
  ['/agent/', { headers: ['user-agent'] }],
  ['/device/', { qs: ['device'] }],
  ['/country/', { co: ['FR'] }],
  ['/region/', { reg: ['US-CA'] }],
  ['/city/', { co: ['FR'], cty: ['Paris'] }],
  ['/all/ch1/', all],
  ['/all/free/', { ...all, paths: ['/all/ch1/'], exc: ['/all/free/'] }],
  ['/ads/', { ...all, paths: ['/all/ch1/'], exc: ['/ads/'] }],
  ['/ads/', { ...s, paths: ['/other/'], exc: ['/ads/'] }],
  ['/ads/vip/', { ...all, paths: ['/ads/vip/'] }],
  ['/query/', {}, 'query'],
  ['/cookie/', {}, 'cookie'],
  ['/header/', {}, 'header'],
  ['/report/', s],
  ['/off/', {}],
  ['/hosted/', {}],
];

export function draftOf([folder, more, carriage]: (typeof BASES)[number]): Draft {
  const isUs = folder === '/region/';
  return {
    path: `${folder}x.ts`,
    content: claims([folder], more),
    known: { 'user-agent': AGENT, 'x-a': '1', device: 'tv', b: '2' },
    in: carriage ?? 'path',
    key: K1,
    header: undefined,
    session: undefined,
    edit: (token) => token,
    bindKey: K1,
    parameters: ['device=tv'],
    headers: {
      [COUNTRY]: isUs ? 'US' : 'FR',
      [REGION]: isUs ? 'CA' : '75',
      [CITY]: 'Paris',
      'x-a': '1',
      host: 'media.example.com',
    },
    cookies: { other: '1' },
    rest: {},
  };
}

function attributes({ content, known }: Draft): Attribute[] {
  const list = (value: unknown): string[] =>
    Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
  const network = `${content.ip_ver}/${content.ip}`;
  const valueAt = (name: string): string => (Object.hasOwn(known, name) ? (known[name] as string) : '?');
  return [
    ...(content.ip === undefined ? [] : [['i', network, NETWORKS[network] ?? '?'] as Attribute]),
    ...list(content.headers).map((name): Attribute => ['h', name, valueAt(name)]),
    ...list(content.qs).map((name): Attribute => ['q', name, valueAt(name)]),
  ];
}

/** The request of a draft. */
export function finish(draft: Draft): Asked {
  const { content, key, header: head } = draft;
  const list = attributes(draft);
  const aud = Array.isArray(content.aud) ? content.aud[0] : content.aud;
  const signed = list.length === 0 || 'intsig' in content ? content : bind({ ...content, aud }, list, draft.bindKey);
  const session = draft.session === undefined ? content.ssn : (draft.session ?? undefined);
  const made = signToken({
    key,
    claims: { ...signed, aud: content.aud },
    session: typeof session === 'string' ? session : undefined,
    ...(head !== undefined && { header: head }),
  });
  const token = draft.edit(made);
  const parameters = [...draft.parameters, ...(draft.in === 'query' ? [`token=${token}`] : [])];
  return {
    ...draft.rest,
    uri: draft.in === 'path' ? `/${token}${draft.path}` : draft.path,
    headers: { ...draft.headers, ...(draft.in === 'header' && { 'x-token': token }) },
    cookies: { ...draft.cookies, ...(draft.in === 'cookie' && { ept: token }) },
    query: parameters.join('&'),
  };
}
