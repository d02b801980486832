/** Which operation a request is for: Powertools' router over the table of operations. */
import { Router } from '@aws-lambda-powertools/event-handler/http';
import type { Mount } from './api.ts';
import type { ApiEvent } from './event.ts';
import { OPERATIONS, type Operation } from './operations.ts';
import { Problem } from './problems.ts';

export interface Route {
  operation: Operation;
  parameters: Readonly<Record<string, string>>;
}

/** What the router gets, and what a route leaves there. */
interface Bare {
  found?: Route;
}

/** What it would say of a request has parts of the request in it. */
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Every path of ours is of these characters; what would have to be decoded or normalised is none. */
const PATH = /^(?:\/[A-Za-z0-9_.-]+)+$/;

/**
 * Finds operations below the base of a mount. Throws `not-found`, `method-not-allowed`.
 *
 * The router gets path and method and nothing else. It makes a `Request` of an event, and that throws at what a client may well
 * send, such as a body with GET; what is behind a route is read and checked here.
 */
export function findRoute({ base }: Pick<Mount, 'base'>): (event: ApiEvent) => Promise<Route> {
  const router = new Router({ logger: SILENT });
  for (const operation of OPERATIONS as readonly Operation[]) {
    const path = `${base}${operation.path.replaceAll(/\{(\w+)\}/g, ':$1')}` as `/${string}`;
    router.route(
      async ({ params, event }) => {
        // Into the event, of which every request has its own.
        (event as unknown as Bare).found = { operation, parameters: params as Record<string, string> };
        return {};
      },
      { method: operation.method, path },
    );
  }

  async function lookUp(path: string, method: string): Promise<Route | undefined> {
    const requestContext = { http: { method, path }, domainName: 'api', requestId: '' };
    const head = { version: '2.0', routeKey: '$default', rawPath: path, rawQueryString: '', headers: {} };
    const bare = { ...head, requestContext, isBase64Encoded: false, found: undefined as Route | undefined };
    await router.resolve(bare, {} as never);
    return bare.found;
  }

  return async ({ rawPath, requestContext }) => {
    const { method } = requestContext.http;
    const path = rawPath.slice(0, 512);
    if (!PATH.test(path) || path.split('/').some((segment) => segment === '.' || segment === '..'))
      throw new Problem('not-found');
    const route = await lookUp(path, method);
    if (route !== undefined) return route;
    const others: string[] = [];
    for (const other of ['GET', 'POST', 'PUT', 'DELETE'])
      if (other !== method && (await lookUp(path, other)) !== undefined) others.push(other);
    if (others.length === 0) throw new Problem('not-found');
    throw new Problem('method-not-allowed', {}, { headers: { allow: others.join(', ') } });
  };
}
