/**
 * A minter that checks nothing, written from the specification's text: what the issuer refuses is minted here, to see what the
 * edge makes of it. It shares no code with the issuer.
 */
import type { Environment, Policy } from '../../../generator/modules/contract.ts';
import type { Issued, IssueRequest } from '../../../runtime/issuer/index.ts';
import { type Attribute, signBinding, signToken } from '../../helpers/sign.ts';
import { AUD, KEY, NOW } from './world.ts';

/** The network of an address, for the addresses that tests use; anything else is taken as it is. */
export function roughNetwork(ip: string, width: number): string {
  if (!ip.includes(':')) {
    const bits = ip
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
    const kept = bits.slice(0, width).padEnd(32, '0');
    return [0, 8, 16, 24].map((at) => Number.parseInt(kept.slice(at, at + 8), 2)).join('.');
  }
  const [head = '', tail = ''] = ip.toLowerCase().split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const groups = [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right];
  const bits = groups.map((group) => (Number.parseInt(group, 16) || 0).toString(2).padStart(16, '0')).join('');
  const kept = bits.slice(0, width).padEnd(128, '0');
  return Array.from({ length: 8 }, (_, at) =>
    Number.parseInt(kept.slice(at * 16, at * 16 + 16), 2)
      .toString(16)
      .padStart(4, '0'),
  ).join(':');
}

export function mintAnything(request: IssueRequest, { policies, streams }: Environment): Issued {
  const policy: Policy = Object.hasOwn(policies, request.policy)
    ? (policies[request.policy] as Policy)
    : { lifetime: 60, session: false };
  const url = new URL(request.url);
  const raw = request.url.slice(url.origin.length).split(/[?#]/)[0] as string;
  const query = request.url.split('#')[0]?.split('?')[1] ?? '';
  const stream = Object.values(streams)
    .filter(({ paths }) => paths.some((path) => raw.startsWith(path)))
    .at(-1);
  const session = request.session ?? (policy.session ? 'careless-session-1' : undefined);
  const exc = request.exclude ?? (raw.startsWith('/ads/') ? ['/ads/'] : stream?.exclude);
  const pick = (kind: 'countries' | 'regions' | 'cities'): readonly string[] | undefined =>
    request.geography?.[kind] ?? policy[kind];
  const family = request.viewer?.ip?.includes(':') && !request.viewer.ip.includes('.') ? 6 : 4;
  const width = policy.bind?.ip && (family === 4 ? policy.bind.ip.v4 : (policy.bind.ip.v6 ?? 56));
  const claims: Record<string, unknown> = {
    aud: AUD,
    iat: NOW,
    exp: typeof request.ttl === 'string' ? request.ttl : NOW + (request.ttl ?? policy.lifetime),
    paths: request.paths ?? [raw.slice(0, raw.lastIndexOf('/') + 1)],
    exc,
    ssn: session,
    co: pick('countries'),
    reg: pick('regions'),
    cty: pick('cities'),
    ...(policy.fallback?.includes('countries') && { co_fallback: true }),
    ...(policy.fallback?.includes('regions') && { reg_fallback: true }),
    ...(policy.fallback?.includes('cities') && { cty_fallback: true }),
    ...(width && { ip: width, ip_ver: family }),
    headers: policy.bind?.headers,
    qs: policy.bind?.query,
  };
  const parameters = new Map(
    query.split('&').map((pair) => [pair.split('=')[0] as string, pair.split('=').slice(1).join('=')]),
  );
  const attributes: Attribute[] = [
    ...(width ? [['i', `${family}/${width}`, roughNetwork(request.viewer?.ip ?? '0.0.0.0', width)] as Attribute] : []),
    ...(policy.bind?.headers ?? []).map(
      (name): Attribute => ['h', name, [request.viewer?.headers?.[name] ?? ''].flat()[0] as string],
    ),
    ...(policy.bind?.query ?? []).map((name): Attribute => ['q', name, parameters.get(name) ?? '']),
  ];
  if (attributes.length > 0) claims.intsig = signBinding(KEY, claims as never, attributes);
  const token = signToken({ key: KEY, claims, session });
  const { carriage } = stream ?? { carriage: { in: 'path' as const } };
  const issued: Issued = { url: request.url, token, expires: 0 };
  if (carriage.in === 'path') issued.url = `${url.origin}/${token}${request.url.slice(url.origin.length)}`;
  else if (carriage.in === 'query') issued.url += `${query === '' ? '?' : '&'}${carriage.name}=${token}`;
  else issued[carriage.in] = { name: carriage.name, value: token };
  return issued;
}
