import { type Refusal, STATE_UNAVAILABLE } from '../token/verdict.ts';
import type { EdgeResponse, Field, ViewerRequest } from './event.ts';
import { settings } from './settings.ts';
import { single } from './single.ts';

const CORS = 'access-control-';

/** An answer of our own, with CORS headers as configured; credentials only for listed origins. */
function answer(request: ViewerRequest, status: number): EdgeResponse {
  const headers: Record<string, Field> = { 'cache-control': { value: 'no-store' } };
  if (FLAG_CORS_ANY) headers[`${CORS}allow-origin`] = { value: '*' };
  else if (FLAG_CORS) {
    headers.vary = { value: 'origin' };
    const origin = single(request.headers.origin);
    if (settings.cors.origins.indexOf(origin) !== -1) {
      headers[`${CORS}allow-origin`] = { value: origin };
      if (settings.cors.credentials) headers[`${CORS}allow-credentials`] = { value: 'true' };
    }
  }
  return { statusCode: status, statusDescription: status < 400 ? 'No Content' : 'Refused', headers };
}

/** The refusal of a request; players may read why, if the configuration exposes it. */
export function refuse(request: ViewerRequest, refusal: Refusal): EdgeResponse {
  const response = answer(request, +refusal.slice(0, 3));
  const headers = response.headers;
  if (FLAG_EXPOSE_REASON) {
    headers['x-edgepass-reason'] = { value: refusal.slice(4) };
    if (FLAG_CORS) headers[`${CORS}expose-headers`] = { value: 'x-edgepass-reason' };
  }
  // Seconds. The store answers again within moments, or it is an outage in which players should not add to the load.
  if (refusal === STATE_UNAVAILABLE) headers['retry-after'] = { value: '5' };
  return response;
}

/** Whether a request is a preflight, which is answered here and never forwarded. */
export function isPreflight(request: ViewerRequest): boolean {
  const headers = request.headers;
  return request.method === 'OPTIONS' && !!headers.origin && !!headers[`${CORS}request-method`];
}

/** The answer to a preflight. */
export function preflight(request: ViewerRequest): EdgeResponse {
  const response = answer(request, 204);
  if (FLAG_CORS) {
    const headers = response.headers;
    headers[`${CORS}allow-methods`] = { value: 'GET, HEAD' };
    headers[`${CORS}allow-headers`] = { value: settings.cors.headers };
    headers[`${CORS}max-age`] = { value: '7200' };
  }
  return response;
}
