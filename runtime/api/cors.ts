/** What the pages of other websites may do: those of `cors.origins`, as with the video itself. */
import type { ApiEvent, ApiResult } from './event.ts';
import type { ApiSettings } from './settings.ts';

type Cors = ApiSettings['cors'];

const METHODS = 'GET, POST, PUT, DELETE';
const HEADERS = ['authorization', 'content-type', 'idempotency-key', 'x-edgepass-code', 'x-edgepass-token'];
const SECONDS = '7200';
/** A Lambda function URL is said to give `www-authenticate` the last of these names. */
const EXPOSED = 'retry-after, www-authenticate, x-amzn-remapped-www-authenticate';

export function isPreflight({ headers, requestContext }: ApiEvent): boolean {
  return requestContext.http.method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** The answer to a preflight: to whom nothing is allowed nothing is said. */
export function preflight({ cors, policies }: Pick<ApiSettings, 'cors' | 'policies'>, event: ApiEvent): ApiResult {
  const allowed = corsHeaders(cors, event);
  // A viewer's token is bound to the headers of the very request that asks for it.
  const bound = Object.values(policies).flatMap(({ bind }) => bind?.headers ?? []);
  const more = {
    'access-control-allow-methods': METHODS,
    'access-control-allow-headers': [...new Set([...HEADERS, ...bound.map((name) => name.toLowerCase())])].join(', '),
    'access-control-max-age': SECONDS,
  };
  const isAllowed = 'access-control-allow-origin' in allowed;
  return {
    statusCode: 204,
    headers: { 'cache-control': 'no-store', ...allowed, ...(isAllowed ? more : {}) },
    body: '',
  };
}

/** Callers say who they are in headers, so cookies and with them credentials are never asked for. */
export function corsHeaders({ origins }: Cors, { headers }: ApiEvent): Record<string, string> {
  const expose = { 'access-control-expose-headers': EXPOSED };
  if (origins.includes('*')) return { 'access-control-allow-origin': '*', ...expose };
  const { origin } = headers;
  if (origin === undefined || !origins.includes(origin)) return { vary: 'origin' };
  return { vary: 'origin', 'access-control-allow-origin': origin, ...expose };
}
