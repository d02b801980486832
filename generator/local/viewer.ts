/** The viewer as CloudFront tells the function of it: address, place, and the request in the form of an event. */
import type { IncomingMessage } from 'node:http';
import type { Field } from '../../runtime/base/event.ts';
import type { EdgeEvent } from './engine.ts';

/** Where a viewer is; what is absent CloudFront does not know. */
export interface Whereabouts {
  country?: string;
  /** Without the country. */
  region?: string;
  city?: string;
}

export interface Viewer extends Whereabouts {
  ip: string;
}

/** A request's target, taken apart and not repaired. */
export interface Target {
  path: string;
  query: string | undefined;
}

/** Names in lower case, in order. */
export type Headers = (readonly [name: string, value: string])[];

/** With the bytes of each value, which Node gives as Latin-1. */
export function rawHeadersOf({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>): Headers {
  const headers: [string, string][] = [];
  for (let i = 0; i + 1 < rawHeaders.length; i += 2)
    headers.push([(rawHeaders[i] as string).toLowerCase(), rawHeaders[i + 1] as string]);
  return headers;
}

/** With values as text. */
export function headersOf(request: Pick<IncomingMessage, 'rawHeaders'>): Headers {
  return rawHeadersOf(request).map(([name, value]) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: is there a character beyond ASCII?
    const isPlain = /^[\x00-\x7f]*$/.test(value);
    return [name, isPlain ? value : Buffer.from(value, 'latin1').toString()];
  });
}

/** The address of the connection, in the form in which CloudFront has it. */
export function addressOf({ socket }: Pick<IncomingMessage, 'socket'>): string {
  return (socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '');
}

/** `GET /path?query`, or the absolute form that proxies are sent. */
export function targetOf(url: string): Target {
  const relative = url.startsWith('/') ? url : url.replace(/^https?:\/\/[^/?]*(?=[/?]|$)/i, '');
  const mark = relative.indexOf('?');
  const path = mark === -1 ? relative : relative.slice(0, mark);
  return { path: path === '' ? '/' : path, query: mark === -1 ? undefined : relative.slice(mark + 1) };
}

export interface EventOptions {
  id: string;
  method: string;
  target: Target;
  headers: Headers;
  viewer: Viewer;
  /** What the function is told of the host. */
  host: string;
}

/** What viewers send of these is not what CloudFront says. */
const LOCATION = /^cloudfront-/;

export function eventOf({ id, method, target, headers, viewer, host }: EventOptions): EdgeEvent {
  const { ip, country, region, city } = viewer;
  const cookies: [string, string][] = [];
  const kept: [string, string][] = [['host', host]];
  for (const [name, value] of headers)
    if (name === 'cookie') cookies.push(...value.split(/; */).filter(Boolean).map(pairOf));
    else if (name !== 'host' && !LOCATION.test(name)) kept.push([name, value]);
  if (country !== undefined) kept.push(['cloudfront-viewer-country', country]);
  if (region !== undefined) kept.push(['cloudfront-viewer-country-region', region]);
  if (city !== undefined) kept.push(['cloudfront-viewer-city', city]);
  const parameters = (target.query ?? '').split('&').filter(Boolean).map(pairOf);
  return {
    context: { requestId: id },
    viewer: { ip },
    request: {
      method,
      uri: target.path,
      querystring: fields(parameters),
      headers: fields(kept),
      cookies: fields(cookies),
    },
  };
}

function pairOf(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** By name; what came more than once has all its values too. */
function fields(pairs: readonly (readonly [string, string])[]): Record<string, Field> {
  const found = new Map<string, Field>();
  for (const [name, value] of pairs) {
    const known = found.get(name);
    if (known === undefined) found.set(name, { value });
    else if (known.multiValue === undefined) known.multiValue = [{ value: known.value }, { value }];
    else known.multiValue.push({ value });
  }
  return Object.fromEntries(found);
}

/** The query string that is left of an event's parameters. */
export function queryOf(querystring: Readonly<Record<string, Field>>): string | undefined {
  const pairs = Object.entries(querystring).flatMap(([name, { value, multiValue }]) =>
    (multiValue ?? [{ value }]).map((one) => (one.value === '' ? name : `${name}=${one.value}`)),
  );
  return pairs.length === 0 ? undefined : pairs.join('&');
}
