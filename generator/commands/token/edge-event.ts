/** A described request as the event CloudFront makes of it. */
import type { UrlParts } from '../../../runtime/issuer/split-url.ts';
import type { Verifier } from '../../../runtime/verify/verify-request.ts';
import { byName } from './by-name.ts';
import type { Asked } from './viewer-options.ts';

export type EdgeEvent = Parameters<Verifier>[0];
type Fields = EdgeEvent['request']['headers'];

export interface AskedRequest extends Asked {
  method: string;
  cookies: readonly (readonly [name: string, value: string])[];
}

/** The path stays byte for byte what it is; names and values of the query stay undecoded. */
export function edgeEvent(url: UrlParts, asked: AskedRequest): EdgeEvent {
  const cookies = [...asked.cookies];
  const headers: [string, string][] = [['host', url.host]];
  for (const [name, value] of asked.headers)
    if (name === 'cookie') cookies.push(...value.split(/; */).map(pairOf));
    else headers.push([name, value]);
  const { country, region, city } = asked;
  if (country !== undefined) headers.push(['cloudfront-viewer-country', country]);
  if (region !== undefined) headers.push(['cloudfront-viewer-country-region', region]);
  if (city !== undefined) headers.push(['cloudfront-viewer-city', city]);
  return {
    context: { requestId: 'described' },
    viewer: { ip: asked.ip ?? '' },
    request: {
      method: asked.method,
      uri: url.path === '' ? '/' : url.path,
      querystring: fields(
        (url.query ?? '')
          .split('&')
          .filter((pair) => pair !== '')
          .map(pairOf),
      ),
      headers: fields(headers),
      cookies: fields(cookies),
      rawQueryString: () => url.query,
    },
  };
}

function pairOf(text: string): [name: string, value: string] {
  const equals = text.indexOf('=');
  return equals === -1 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
}

function fields(pairs: (readonly [string, string])[]): Fields {
  const entries = [...byName(pairs)].map(([name, values]) => {
    const [value = ''] = values;
    return [
      name,
      values.length > 1 ? { value, multiValue: values.map((each) => ({ value: each })) } : { value },
    ] as const;
  });
  return Object.fromEntries(entries);
}
