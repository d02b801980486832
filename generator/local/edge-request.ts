/** One media request: function, origin, answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream';
import type { EdgeResponse } from '../../runtime/base/event.ts';
import type { EdgeResult, Engine, PassedRequest } from './engine.ts';
import type { Origin, OriginResponse } from './origin.ts';
import { saidBy, shownPath, type Verdict } from './verdict.ts';
import { eventOf, headersOf, queryOf, rawHeadersOf, type Target, type Viewer } from './viewer.ts';

export interface EdgeWorld {
  engine: Engine;
  origin: Origin;
  /** Host that the function is told for a path; undefined: the one that was asked for. */
  hostOf(path: string): string | undefined;
  /** Headers for the origin's answers, by the `Origin` that asks. */
  cors(origin: string | undefined): Record<string, string>;
  /** Milliseconds since 1970. */
  now(): number;
}

export interface MediaRequest {
  request: IncomingMessage;
  response: ServerResponse;
  target: Target;
  viewer: Viewer;
  id: string;
}

/** Allowed by the behaviours of the distribution (`templates/base/behaviors.ts`); CloudFront answers others before any function runs. */
const METHODS = new Set(['GET', 'HEAD', 'OPTIONS']);

type Seen = Pick<Verdict, 'status' | 'verdict' | 'reason' | 'stream'> & { path: string };

/** Answers the request; what became of it. */
export async function answerMedia(world: EdgeWorld, asked: MediaRequest): Promise<Seen> {
  const { request, response, target, viewer, id } = asked;
  const headers = headersOf(request);
  const method = request.method ?? 'GET';
  if (!METHODS.has(method)) {
    respond(response, { statusCode: 403, headers: { 'cache-control': { value: 'no-store' } } });
    return { path: shownPath(target.path), status: 403, verdict: 'refused', reason: 'method' };
  }
  const host = world.hostOf(target.path) ?? request.headers.host ?? '';
  const event = eventOf({ id, method, target, headers, viewer, host });
  const result = await world.engine.run({ event, rawQuery: target.query, now: world.now() });
  const said = saidBy(result);
  const stream = said.stream === undefined ? {} : { stream: said.stream };
  const shown = shownPath(target.path);
  const { answer } = result;
  if (!isAnswer(answer)) {
    // CloudFront answers 503 for a function that throws, 502 for one whose answer is none.
    const status = result.threw === undefined ? 502 : 503;
    respond(response, { statusCode: status, headers: { 'cache-control': { value: 'no-store' } } });
    return {
      path: shown,
      status,
      verdict: 'error',
      reason: `function: ${result.threw ?? 'no valid answer'}`,
      ...stream,
    };
  }
  if (answer.statusCode !== undefined) {
    respond(response, answer as EdgeResponse);
    const reason = said.reason ?? (answer.headers['x-edgepass-reason'] as { value: string } | undefined)?.value;
    const verdict = answer.statusCode < 400 ? 'answered' : 'refused';
    return { path: shown, status: answer.statusCode, verdict, ...(reason !== undefined && { reason }), ...stream };
  }
  const passed = await forward(world, { ...asked, method, result });
  const isReported = said.reason !== undefined && said.reason !== 'pass';
  return {
    path: shown,
    status: passed.status,
    verdict: passed.status >= 502 ? 'error' : isReported ? 'report' : 'pass',
    ...(isReported ? { reason: said.reason as string } : passed.status >= 400 && { reason: 'origin' }),
    ...stream,
  };
}

function isAnswer(answer: EdgeResult['answer']): answer is NonNullable<EdgeResult['answer']> {
  if (typeof answer !== 'object' || answer === null) return false;
  if (answer.statusCode !== undefined) return Number.isInteger(answer.statusCode) && typeof answer.headers === 'object';
  return typeof answer.uri === 'string' && answer.uri.startsWith('/');
}

function respond(response: ServerResponse, { statusCode, headers }: Omit<EdgeResponse, 'statusDescription'>): void {
  for (const [name, { value, multiValue }] of Object.entries(headers))
    response.setHeader(name, multiValue === undefined ? value : multiValue.map((one) => one.value));
  response.writeHead(statusCode, statusCode === 204 ? {} : { 'content-length': '0' }).end();
}

interface Forwarded extends MediaRequest {
  method: string;
  result: EdgeResult;
}

async function forward(
  world: EdgeWorld,
  { request, response, target, method, result }: Forwarded,
): Promise<OriginResponse> {
  const passed = result.answer as PassedRequest;
  const before = (target.query ?? '').split('&').filter(Boolean).length;
  const kept = Object.values(passed.querystring).reduce((sum, { multiValue }) => sum + (multiValue?.length ?? 1), 0);
  const answer = await world.origin.fetch({
    method,
    path: passed.uri,
    // As it came, unless the function took something out.
    query: kept === before ? target.query : queryOf(passed.querystring),
    // The function takes token headers out, and what begins with `x-edgepass-`.
    headers: rawHeadersOf(request).filter(([name]) => Object.hasOwn(passed.headers, name)),
    origin: result.origin,
    gone: () => goneSignal(response),
  });
  const { status, body } = answer;
  response.writeHead(status, {
    ...answer.headers,
    ...world.cors(request.headers.origin),
    'referrer-policy': 'no-referrer',
  });
  if (body === undefined || Buffer.isBuffer(body)) response.end(body);
  // What fails from here on cannot be told by a status any more: the connection ends.
  else pipeline(body, response, () => {});
  return answer;
}

/** Aborted when the viewer goes before the answer is complete. */
function goneSignal(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort();
  });
  return gone.signal;
}
