import type { Field, ViewerRequest } from '../base/event.ts';
import type { Deployment, ProtectedStream } from './deployment.ts';
import type { Trace } from './trace.ts';

function without(fields: Record<string, Field>, isRemoved: (name: string) => boolean): Record<string, Field> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !isRemoved(name)));
}

/**
 * Step 11, what reaches the origin: the checked path, and of parameters, cookies and headers all but those in which any
 * stream carries its token and but `x-edgepass-*`, which are ours to set. `owner` is `undefined` for a path of no stream,
 * which goes where its cache behaviour says.
 */
export function forwardedRequest(
  request: ViewerRequest,
  at: { deployment: Deployment; path: string; owner: ProtectedStream | undefined },
): NonNullable<Trace['forwarded']> {
  const { carried, severalOrigins } = at.deployment;
  return {
    uri: at.path,
    headers: without(request.headers, (name) => name.startsWith('x-edgepass-') || carried.header.has(name)),
    querystring: without(request.querystring, (name) => carried.query.has(name)),
    cookies: without(request.cookies, (name) => carried.cookie.has(name)),
    ...(severalOrigins && at.owner !== undefined && { origin: at.owner.origin }),
  };
}
