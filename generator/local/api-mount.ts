/**
 * The token API at `/api`, for the viewer who asks: the code that runs in AWS, over this machine's files. Nobody has to say who
 * they are, and so everybody who reaches the port is the same caller.
 */
import type { ServerResponse } from 'node:http';
import { problemAnswer } from '../../runtime/api/answers.ts';
import { type Api, createApi } from '../../runtime/api/api.ts';
import type { ApiEvent, ApiResult } from '../../runtime/api/event.ts';
import { viewerBehindCloudFront } from '../../runtime/api/mounts.ts';
import { Problem } from '../../runtime/api/problems.ts';
import { customKey } from '../../runtime/issuer/index.ts';
import { STATE_KEY } from '../../runtime/keys/state.ts';
import type { Environment } from '../modules/contract.ts';
import { assetMemory, requestMemory } from './api-stores.ts';
import type { LocalAsset } from './assets.ts';
import type { LocalDeployment } from './deployment.ts';
import type { Mount, MountRequest } from './mount.ts';
import { headersOf } from './viewer.ts';

export interface About {
  mount: 'local';
  needsCode: false;
  project: string;
  environment: string;
  version: string;
  /** Countries that a viewer can be put into, by `/~country/<CC>/`. */
  countries: string[];
}

export interface ApiMountOptions {
  environment: Environment;
  assets: readonly LocalAsset[];
  deployment: LocalDeployment;
  version: string;
  /** In place of the configured modes. */
  mode?: 'enforce' | 'report';
  /** Milliseconds since 1970. */
  now(): number;
  /** Hears of what went wrong here. */
  failed(error: unknown): void;
}

const BASE = '/api';
const ABOUT = `${BASE}/about`;

/** Seconds; as by default in a deployment. */
const MAX_SESSION_AGE = 24 * 3600;

/** More than any request of a viewer has, whose body is empty. */
const MAX_BODY = 64 * 1024;

/** Host of URLs of streams that are bound to none; what a client gets names the host that it has asked. */
const HERE = 'localhost';

/** Headers that say who a viewer is. They are set here, and those of a client are dropped. */
const OF_THE_EDGE = /^(?:cloudfront-|x-edgepass-viewer-)/;

export function apiMount(options: ApiMountOptions): Mount {
  const about = aboutOf(options);
  const api = apiOf(options);
  return {
    takes: (path) => path === BASE || path.startsWith(`${BASE}/`),
    async handle(asked) {
      const { request, response, target } = asked;
      if (target.path === ABOUT && request.method === 'GET') return send(response, json(200, about));
      const body = await bodyOf(asked);
      if (body === undefined) return send(response, problemAnswer(new Problem('body-too-large')));
      const origin = `http://${request.headers.host ?? HERE}`;
      const result = await api(eventOf(asked, body));
      send(response, atHost(result, origin));
      return reasonOf(result);
    },
  };
}

function apiOf({ environment, assets, deployment, mode, now, failed }: ApiMountOptions): Api {
  const { project, name, policies, cors } = environment;
  const streams = Object.fromEntries(
    Object.entries(environment.streams).map(([id, stream]) => [
      id,
      { ...stream, mode: stream.mode === 'off' ? stream.mode : (mode ?? stream.mode) },
    ]),
  );
  const hosts = Object.entries(streams).flatMap(([stream, bound]) => {
    const host = bound.hosts?.[0];
    return host === undefined ? [] : [[`of-${stream}`, { host }] as const];
  });
  return createApi({
    settings: {
      audience: `${project}/${name}`,
      policies,
      streams,
      domains: { local: { host: HERE }, ...Object.fromEntries(hosts) },
      cors,
      longestLifetime: deployment.longestLifetime,
      maxSessionAge: MAX_SESSION_AGE,
    },
    mount: {
      kind: 'viewers',
      base: BASE,
      authenticate: async () => ({ id: 'local' }),
      viewerOf: viewerBehindCloudFront,
    },
    assets: assetMemory(assets),
    requests: requestMemory(),
    revocations: deployment.sessions,
    keys: customKey(() => deployment.issuerRecord()),
    state: async () => deployment.edge.get(STATE_KEY),
    now,
    onAnswer: ({ cause }) => {
      if (cause !== undefined) failed(cause);
    },
  });
}

/** Code of a problem: the end of its type. */
function reasonOf({ headers, body }: ApiResult): string | undefined {
  if (!headers['content-type']?.startsWith('application/problem+json')) return undefined;
  const { type } = JSON.parse(body) as { type?: unknown };
  return typeof type === 'string' ? type.replace(/^.*\//, '') : undefined;
}

/** As a function URL hands it over: names in lower case, what came more than once joined by commas. */
function eventOf({ request, target, viewer }: MountRequest, body: string): ApiEvent {
  const headers: Record<string, string> = Object.create(null);
  for (const [name, value] of headersOf(request)) {
    if (OF_THE_EDGE.test(name)) continue;
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`;
  }
  headers['x-edgepass-viewer-address'] = viewer.ip;
  if (viewer.country !== undefined) headers['cloudfront-viewer-country'] = viewer.country;
  if (viewer.region !== undefined) headers['cloudfront-viewer-country-region'] = viewer.region;
  if (viewer.city !== undefined) headers['cloudfront-viewer-city'] = viewer.city;
  return {
    rawPath: target.path,
    rawQueryString: target.query ?? '',
    headers,
    ...(body !== '' && { body }),
    isBase64Encoded: false,
    requestContext: { http: { method: request.method ?? 'GET' } },
  };
}

/** Undefined for one that is too large. */
async function bodyOf({ request }: MountRequest): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    // Read to its end all the same: a connection that is cut off brings no answer.
    if (size <= MAX_BODY) chunks.push(chunk);
  }
  return size > MAX_BODY ? undefined : Buffer.concat(chunks).toString();
}

/** Playback URLs are of delivery domains, over https; here they lead to where the client has asked. */
function atHost(result: ApiResult, origin: string): ApiResult {
  if (result.statusCode >= 300 || !result.headers['content-type']?.startsWith('application/json')) return result;
  const body = JSON.parse(result.body) as Record<string, unknown>;
  if (typeof body.urls !== 'object' || body.urls === null) return result;
  const urls = Object.entries(body.urls).map(([format, url]) => [
    format,
    String(url).replace(/^https:\/\/[^/]+/, origin),
  ]);
  return { ...result, body: JSON.stringify({ ...body, urls: Object.fromEntries(urls) }) };
}

function aboutOf({ environment, version }: ApiMountOptions): About {
  const { project, name, policies } = environment;
  const allowed = Object.values(policies).flatMap(({ countries = [], regions = [] }) => [
    ...countries,
    ...regions.map((region) => region.slice(0, 2)),
  ]);
  // And some others, so that there is one that a policy does not allow.
  const countries = [...new Set([...allowed, 'BR', 'DE', 'FR', 'IN', 'JP', 'US'])].sort();
  return { mount: 'local', needsCode: false, project, environment: name, version, countries };
}

function json(statusCode: number, value: object): ApiResult {
  return {
    statusCode,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body: JSON.stringify(value),
  };
}

function send(response: ServerResponse, { statusCode, headers, body }: ApiResult): undefined {
  const length = statusCode === 204 ? {} : { 'content-length': Buffer.byteLength(body) };
  response.writeHead(statusCode, { ...headers, ...length }).end(body);
}
