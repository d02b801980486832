import type { EdgeResponse, ViewerRequest } from '../base/event.ts';
import { type Reason, statusOf } from '../token/verdict.ts';
import type { Deployment } from './deployment.ts';
import { oneValue } from './fields.ts';

const ALLOW = 'access-control-allow-';

/** Header names, lower case, and their values. */
type Headers = Record<string, string>;

/** CORS headers of every answer of our own; credentials only for listed origins. */
function corsHeaders({ cors }: Deployment, request: ViewerRequest): Headers {
  if (cors.any) return { [`${ALLOW}origin`]: '*' };
  if (cors.origins.size === 0) return {};
  const origin = oneValue(request.headers, 'origin');
  if (!cors.origins.has(origin)) return { vary: 'origin' };
  const credentials: Headers = cors.credentials ? { [`${ALLOW}credentials`]: 'true' } : {};
  return { vary: 'origin', [`${ALLOW}origin`]: origin, ...credentials };
}

function answer(statusCode: number, headers: Headers): EdgeResponse {
  const fields = Object.entries({ 'cache-control': 'no-store', ...headers }).map(([name, value]) => [name, { value }]);
  const statusDescription = statusCode === 204 ? 'No Content' : 'Refused';
  return { statusCode, statusDescription, headers: Object.fromEntries(fields) };
}

/** Whether a request asks for permission to make another. */
export function isPreflight({ method, headers }: ViewerRequest): boolean {
  return (
    method === 'OPTIONS' && Object.hasOwn(headers, 'origin') && Object.hasOwn(headers, 'access-control-request-method')
  );
}

/** The answer to a preflight. */
export function preflightAnswer(deployment: Deployment, request: ViewerRequest): EdgeResponse {
  const { cors } = deployment;
  const allowed: Headers = {
    [`${ALLOW}methods`]: 'GET, HEAD',
    [`${ALLOW}headers`]: cors.allowHeaders.join(', '),
    'access-control-max-age': '7200',
  };
  return answer(204, { ...corsHeaders(deployment, request), ...(cors.origins.size > 0 ? allowed : {}) });
}

/** The refusal of a request for a reason. */
export function refusalAnswer(
  reason: Reason,
  { deployment, request }: { deployment: Deployment; request: ViewerRequest },
): EdgeResponse {
  const { cors, options } = deployment;
  const headers = corsHeaders(deployment, request);
  if (options.exposeReason) {
    headers['x-edgepass-reason'] = reason;
    if (cors.origins.size > 0) headers['access-control-expose-headers'] = 'x-edgepass-reason';
  }
  if (reason === 'state_unavailable') headers['retry-after'] = '5';
  return answer(statusOf(reason), headers);
}
